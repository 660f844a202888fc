/**
 * The words that the carrier itself listens to, and what it says to them. From Plivo's "DND Service" pages:
 *
 *     www.plivo.com/docs/messaging/concepts/dnd-service.md    the words, as of 2026; each page of the past has fewer or
 *                                                             more (RESUME ALL until about 2022); the text to an
 *                                                             opt-in; an opt-in has no spaces before it
 *     docs.plivo.com/docs/messaging/concepts/dnd-service      the texts to STOP and HELP; case does not count; spaces
 *                                                             and line breaks after the word do not; "Stop it!" is none
 *     www.plivo.com/docs/sms/concepts/dnd-service             the text of the toll-free network
 *     support.plivo.com, section 32240327630873 "DND"         the same opt-out words, and that case does not count
 *
 * Assumption: spaces before an opt-out or a HELP do not count either.
 */
export type Intent = 'optout' | 'optin' | 'help';

const words: Record<Intent, string[]> = {
  optout: ['stop', 'end', 'quit', 'cancel', 'unsubscribe', 'unsub', 'stop all'],
  optin: ['start', 'yes', 'resume', 'unstop', 'go'],
  help: ['help', 'info'],
};

const intents = new Map<string, Intent>();
for (const intent of ['optout', 'optin', 'help'] as const) for (const word of words[intent]) intents.set(word, intent);

/** What the carrier takes a text for; undefined for what it takes for nothing. */
export function intentOf(text: string): Intent | undefined {
  const intent = intents.get(text.trim().toLowerCase());
  return intent === 'optin' && /^\s/.test(text) ? undefined : intent;
}

/** What the carrier answers to a long code. */
export const replies: Record<Intent, string> = {
  optout: 'You have been unsubscribed and will not receive any more messages from this number.',
  optin:
    'You have been resubscribed to receiving messages from this number. Reply HELP for help or STOP to stop receiving messages. Message and data rates may apply.',
  help: 'Text STOP to stop receiving messages from this number. Message and data rates may apply.',
};

/** What the toll-free network answers in its place. */
export const tollFreeOptOut =
  'You replied with the word "STOP" which blocks all texts sent from this number. Text back "UNSTOP" to receive messages again.';
