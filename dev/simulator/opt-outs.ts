import { type Intent, intentOf, replies, tollFreeOptOut } from './keywords.ts';
import { classOf } from './number-class.ts';

export type OptOuts = ReturnType<typeof openOptOuts>;
/** What the carrier made of a text. `intent` is its field MessageIntent, undefined where it has none. */
export type Handled = { intent: Intent | '' | undefined; reply: string | undefined };
type Keyed = { from: string; to: string; text: string; media?: string[] };

/**
 * The carrier minds STOP, START and HELP by itself. Sources:
 *
 *     plivo.com/docs/messaging/api/message/handling-incoming  MessageIntent is for SMS to long codes and toll-free
 *         numbers, not for MMS nor short codes; optin "if the incoming message matches with one of the standard opt-in
 *         keywords", whether or not the phone is blocked; blank in all other cases
 *     docs.plivo.com/docs/messaging/concepts/dnd-service      a block is one of source and destination
 *     support.plivo.com, section 32240327630873 "DND"         on 10DLC it is one of the whole campaign
 *     support.plivo.com/hc/en-us/articles/360041786171        one text within five minutes of the STOP goes through
 *
 * An opt-in is confirmed only to a phone that was blocked (dnd-service.md, 2026). Assumptions: so is an opt-out only to
 * one that was not; the media of an MMS make STOP an ordinary word, as the field is not there.
 */
export function openOptOuts(options: { campaignOf: (number: string) => string | null; timeScale: number }) {
  /** Blocked phones by campaign, or by number where it has none. */
  const blocks = new Map<string, Map<string, Block>>();

  function blockedFor(number: string): Map<string, Block> {
    const scope = options.campaignOf(number) ?? number;
    const found = blocks.get(scope) ?? new Map<string, Block>();
    blocks.set(scope, found);
    return found;
  }

  return {
    /** Takes note of a text from a handset; all that follows from it is done when this returns. */
    handle({ from, to, text, media = [] }: Keyed): Handled {
      const kind = classOf(to);
      if (kind === 'short' || media.length > 0) return { intent: undefined, reply: undefined };
      const intent = intentOf(text);
      if (intent === undefined) return { intent: '', reply: undefined };
      if (intent === 'help') return { intent, reply: replies.help };
      const blocked = blockedFor(to);
      const was = blocked.has(from);
      if (intent === 'optin') {
        blocked.delete(from);
        return { intent, reply: was ? replies.optin : undefined };
      }
      if (was) return { intent, reply: undefined };
      blocked.set(from, { lastWordUntil: Date.now() + lastWordMs * options.timeScale });
      return { intent, reply: kind === 'tollfree' ? tollFreeOptOut : replies.optout };
    },
    /** Whether texts from a number to a phone are blocked, for those who only want to know. */
    blocks: (number: string, phone: string): boolean =>
      blocks.get(options.campaignOf(number) ?? number)?.has(phone) ?? false,
    /** Whether a text from a number to a phone is blocked. The one text that may still follow a STOP is spent by asking. */
    stops(number: string, phone: string): boolean {
      if (blocks.size === 0) return false;
      const block = blocks.get(options.campaignOf(number) ?? number)?.get(phone);
      if (block === undefined) return false;
      const mayPass = block.lastWordUntil > Date.now();
      block.lastWordUntil = 0;
      return !mayPass;
    },
  };
}

type Block = { lastWordUntil: number };

const lastWordMs = 5 * 60_000;
