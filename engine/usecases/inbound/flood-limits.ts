import { createHash } from 'node:crypto';
import type { FloodLimits, FoundSender } from '../../../db/messages/senders.ts';
import type { Runtime } from '../../platform/runtime.ts';
import type { Flood } from '../../rules/route.ts';

/** Equal for equal words and media. 8 bytes are enough: a collision matters only within minutes. */
export function hashText({ text, media }: { text: string; media: readonly string[] }): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([text, media]))
    .digest()
    .subarray(0, 8);
}

/**
 * The limits beyond which a phone is no person texting. From the contract: the same text more than 5 times in 5 minutes,
 * or more than INBOUND_PER_MINUTE texts. MySQL counts, so the limits hold without Redis; `earlier` counts the texts that
 * it does not have yet.
 */
export function limitsFor({ config }: Runtime, earlier: EarlierTexts, now: Date): FloodLimits {
  return {
    same: SAME_LIMIT - earlier.same,
    sameSince: new Date(now.getTime() - SECONDS_COUNTED.repeats * 1_000),
    any: config.INBOUND_PER_MINUTE - earlier.any,
    anySince: new Date(now.getTime() - SECONDS_COUNTED.floods * 1_000),
  };
}

/** How far back each limit looks. */
export const SECONDS_COUNTED = { repeats: 300, floods: 60 } as const satisfies Record<Flood['kind'], number>;

/** Earlier texts of the same phone in the same batch: all of them, and those with the same content. */
export type EarlierTexts = { any: number; same: number };

/** The limit that a phone has reached, or null. */
export function floodOf({ config }: Runtime, { repeats, floods }: FoundSender, now: Date): Flood | null {
  if (repeats) return { kind: 'repeats' };
  return floods ? { kind: 'floods', limit: config.INBOUND_PER_MINUTE, hour: now.getUTCHours() } : null;
}

const SAME_LIMIT = 5;
