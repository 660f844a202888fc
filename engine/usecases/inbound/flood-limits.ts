import { createHash } from 'node:crypto';
import type { Arrived, Limits } from '../../../db/messages/arrivals.ts';
import type { Runtime } from '../../platform/runtime.ts';
import type { Flood } from '../../rules/route.ts';

/** The same for the same words and media. Short: two texts that are alike by chance have to meet within minutes. */
export function hashText({ text, media }: { text: string; media: readonly string[] }): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([text, media]))
    .digest()
    .subarray(0, 8);
}

/**
 * When a phone texts as no person does. From the contract: the same text more than 5 times in 5 minutes, or more than
 * INBOUND_PER_MINUTE texts. MySQL counts, so it holds with Redis away; `mates` are those that it does not have yet.
 */
export function limitsFor({ config }: Runtime, mates: Mates, now: Date): Limits {
  return {
    same: SAME_LIMIT - mates.same,
    sameSince: new Date(now.getTime() - 5 * 60_000),
    any: config.INBOUND_PER_MINUTE - mates.any,
    anySince: new Date(now.getTime() - 60_000),
  };
}
/** Texts of the same phone that came before, in the same instant: all, and those that say the same. */
export type Mates = { any: number; same: number };

/** What a phone that has reached a limit hears of it. */
export function floodOf({ config }: Runtime, { repeats, floods }: Arrived, now: Date): Flood | null {
  if (repeats) return { kind: 'repeats' };
  return floods ? { kind: 'floods', limit: config.INBOUND_PER_MINUTE, hour: now.getUTCHours() } : null;
}

const SAME_LIMIT = 5;
