import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { FaultRules } from './fault-rules.ts';
import type { Params } from './signature.ts';
import { countUnits } from './units.ts';
import { isTaken, type Outcome, type Webhooks } from './webhook.ts';

/** A text that somebody types on a handset; phones in E.164, media as addresses. */
export type Said = { from: string; to: string; text: string; media?: string[] };
export type Heard = Outcome & { messageUuid: string };
export type Inbound = ReturnType<typeof openInbound>;

/** Brings handsets' texts to the engine as Plivo does, and repeats what is not taken. */
export function openInbound(options: {
  webhookBase: string;
  /** The carrier itself minds STOP, START and HELP, and says so in MessageIntent. */
  optOuts: boolean;
  timeScale: number;
  clock: Clock;
  webhooks: Webhooks;
  faults: FaultRules;
}) {
  const url = `${options.webhookBase}/plivo/message`;
  const optedOut = new Set<string>();
  const counts = { taken: 0, refused: 0 };

  function intentOf({ from, text }: Said): string {
    const intent = intents.get(text.trim().toLowerCase()) ?? '';
    if (intent === 'optout') optedOut.add(from);
    if (intent === 'optin') optedOut.delete(from);
    return intent;
  }

  async function bring(said: Said, fields: Params): Promise<Outcome> {
    const fault = options.faults.pick('webhook', said.from);
    const twin = fault?.row.copies === 2 && fault.row.gapMs === 0;
    const [status, second = 0] = await Promise.all([
      options.webhooks.call(url, fields, fault?.row.forged),
      ...(twin ? [options.webhooks.call(url, fields)] : []),
    ]);
    if (fault && fault.row.gapMs > 0) void repeatLater(fields, fault.row.gapMs);
    if (isTaken(status) || isTaken(second)) return { status: isTaken(status) ? status : second, attempts: 1 };
    if (fault?.row.forged) return { status, attempts: 1 };
    const outcome = await options.webhooks.callAgain(url, fields);
    return outcome.attempts === 0 ? { status, attempts: 1 } : { ...outcome, attempts: outcome.attempts + 1 };
  }

  async function repeatLater(fields: Params, ms: number): Promise<void> {
    if (await options.clock.wait(ms * options.timeScale)) await options.webhooks.call(url, fields);
  }

  return {
    counts,
    hasOptedOut: (phone: string): boolean => optedOut.has(phone),
    /** Resolves when the engine took the text, or the carrier gave up on it. */
    async text(said: Said): Promise<Heard> {
      const messageUuid = randomUUID();
      const outcome = await bring(said, messageFields(said, messageUuid, options.optOuts ? intentOf(said) : undefined));
      counts[isTaken(outcome.status) ? 'taken' : 'refused'] += 1;
      return { ...outcome, messageUuid };
    },
  };
}

/** The fields of Plivo's inbound webhook: an MMS has Body where an SMS has Text; numbers travel without their plus. */
function messageFields(said: Said, messageUuid: string, intent: string | undefined): Params {
  const { media = [] } = said;
  const units = countUnits(said.text);
  return {
    From: said.from.replace('+', ''),
    To: said.to.replace('+', ''),
    ...(media.length > 0
      ? { Type: 'mms', Body: said.text, MediaCount: String(media.length) }
      : { Type: 'sms', Text: said.text }),
    ...Object.fromEntries(media.map((address, at) => [`Media${at}`, address])),
    ...(intent === undefined ? {} : { MessageIntent: intent }),
    MessageUUID: messageUuid,
    Units: String(units),
    TotalRate: '0.00000',
    TotalAmount: '0.00000',
    PowerpackUUID: '',
  };
}

const intents = new Map([
  ...[
    'stop',
    'stopall',
    'stop all',
    'unsubscribe',
    'unsub',
    'cancel',
    'end',
    'quit',
    'revoke',
    'optout',
    'opt out',
  ].map((word) => [word, 'optout'] as const),
  ...['start', 'unstop', 'resume', 'go'].map((word) => [word, 'optin'] as const),
  ...['help', 'info'].map((word) => [word, 'help'] as const),
]);
