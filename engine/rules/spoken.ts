import type { Brand } from './texts.ts';

/**
 * What somebody hears who calls one of our numbers and is not forwarded, member or stranger: the same for all, since caller ids
 * can be made up, and a group's name is nobody else's business. Short sentences, no figures, no signs: a machine reads it aloud.
 */
export function spokenAnswer({ name, support }: Brand): string {
  return [
    `Hello. This number of ${name} is for group text messages. Nobody can hear you.`,
    'To reach your group, send a text message to this number.',
    'For help, text the word help. To get no more texts from us, text the word stop.',
    ...(support === '' ? [] : [`You can also reach us at ${support}.`]),
    'Goodbye.',
  ].join(' ');
}

/** What a caller hears whose call was forwarded, and nobody picked up. */
export const spokenMissed =
  'Nobody picked up. To reach your group, send a text message to this number. Your text goes to everybody in the group. Goodbye.';
