import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { FaultRules } from './fault-rules.ts';
import { networkOf } from './networks.ts';
import { classOf } from './number-class.ts';
import type { Handled, OptOuts } from './opt-outs.ts';
import { priceOf } from './prices.ts';
import type { Params } from './signature.ts';
import { countUnits } from './units.ts';
import { type How, isTaken, type Method, type Outcome, type Webhooks } from './webhook.ts';

/** A text that somebody types on a handset; phones in E.164, media as addresses. */
export type Said = { from: string; to: string; text: string; media?: string[] };
export type Heard = Outcome & { messageUuid: string };
/** As the carrier remembers it. */
export type Brought = { uuid: string; from: string; to: string; at: number };

/** Brings handsets' texts to the engine as Plivo does, and repeats what is not taken. */
export function openInbound(options: {
  webhookBase: string;
  /** Undefined where the carrier has its minding of STOP, START and HELP turned off. */
  optOuts: OptOuts | undefined;
  /** The method that the account's application has for texts. */
  method: Method;
  timeScale: number;
  clock: Clock;
  webhooks: Webhooks;
  faults: FaultRules;
  /** The carrier's own text to a handset. */
  onReply: (reply: { from: string; to: string; text: string }) => void;
}) {
  const url = `${options.webhookBase}/plivo/message`;
  const counts = { taken: 0, refused: 0 };
  const brought: (Brought & { fields: Params })[] = [];

  async function bring(said: Said, fields: Params): Promise<Outcome> {
    const fault = options.faults.pick('webhook', said.from, said.to);
    const twin = fault?.row.copies === 2 && fault.row.gapMs === 0;
    const how: How = { method: options.method, signing: fault?.row.signing };
    const [status, second = 0] = await Promise.all([
      options.webhooks.call(url, fields, how),
      ...(twin ? [options.webhooks.call(url, fields, how)] : []),
    ]);
    if (fault && fault.row.gapMs > 0) void repeatLater(fields, fault.row.gapMs);
    if (isTaken(status) || isTaken(second)) return { status: isTaken(status) ? status : second, attempts: 1 };
    if (fault?.row.signing === 'forged') return { status, attempts: 1 };
    const outcome = await options.webhooks.callAgain(url, fields, how);
    return outcome.attempts === 0 ? { status, attempts: 1 } : { ...outcome, attempts: outcome.attempts + 1 };
  }

  async function repeatLater(fields: Params, ms: number): Promise<void> {
    if (await options.clock.wait(ms * options.timeScale))
      await options.webhooks.call(url, fields, { method: options.method });
  }

  return {
    counts,
    /** The latest texts of handsets, the oldest first. */
    brought: brought as readonly Brought[],
    /** Brings a text once more, under the id that it had. Resolves to the status that it is answered with. */
    async replay(uuid: string): Promise<number> {
      const one = brought.find((text) => text.uuid === uuid);
      return one === undefined ? 0 : options.webhooks.call(url, one.fields, { method: options.method });
    },
    /** Resolves when the engine took the text, or the carrier gave up on it. */
    async text(said: Said): Promise<Heard> {
      const messageUuid = randomUUID();
      const handled = options.optOuts?.handle(said) ?? unminded;
      if (handled.reply !== undefined) options.onReply({ from: said.to, to: said.from, text: handled.reply });
      const fields = messageFields(said, messageUuid, handled.intent);
      brought.push({ uuid: messageUuid, from: said.from, to: said.to, at: Date.now(), fields });
      if (brought.length > MOST_BROUGHT) brought.shift();
      const outcome = await bring(said, fields);
      counts[isTaken(outcome.status) ? 'taken' : 'refused'] += 1;
      return { ...outcome, messageUuid };
    },
  };
}

/** Of a bench with more, the oldest are forgotten. */
const MOST_BROUGHT = 10_000;

const unminded: Handled = { intent: undefined, reply: undefined };

/**
 * The fields of an inbound webhook: plivo.com/docs/messaging/api/message/handling-incoming (2026). An MMS has Body where
 * an SMS has Text; numbers travel without their plus. Media are counted from 0, as in support.plivo.com/hc/en-us/
 * articles/360041856452 and in messages of today; the page itself counts from 1.
 */
function messageFields(said: Said, messageUuid: string, intent: string | undefined): Params {
  const { media = [] } = said;
  const type = media.length > 0 ? 'mms' : 'sms';
  const units = type === 'mms' ? 1 : countUnits(said.text);
  const price = priceOf({ type, kind: classOf(said.to), network: networkOf(said.from), registered: true });
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
    TotalRate: price.rate,
    TotalAmount: price.amount(units),
    PowerpackUUID: '',
  };
}
