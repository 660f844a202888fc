import { createHash } from 'node:crypto';
import { countInbound } from '../db/inbound-texts.ts';
import type { Excess } from './rules/route.ts';
import type { Runtime } from './runtime.ts';

/** The same for the same words and media. Short: two texts that are alike by chance have to meet within minutes. */
export function hashText({ text, media }: { text: string; media: readonly string[] }): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([text, media]))
    .digest()
    .subarray(0, 8);
}

/**
 * Does a phone text as no person does? From the contract: the same text more than 5 times in 5 minutes, or more than
 * INBOUND_PER_MINUTE texts. MySQL counts, so it holds with Redis away; one statement, from indexes.
 */
export async function findExcess(
  runtime: Runtime,
  { phone, hash, now }: { phone: string; hash: Buffer; now: Date },
): Promise<Excess | null> {
  const limit = runtime.config.INBOUND_PER_MINUTE;
  const before = await countInbound(runtime.db, {
    phone,
    hash,
    sameSince: new Date(now.getTime() - 5 * 60_000),
    sameLimit: SAME_LIMIT,
    anySince: new Date(now.getTime() - 60_000),
    anyLimit: limit,
  });
  if (before.same >= SAME_LIMIT) return { kind: 'repeats' };
  return before.any >= limit ? { kind: 'floods', limit, hour: now.getUTCHours() } : null;
}

const SAME_LIMIT = 5;
