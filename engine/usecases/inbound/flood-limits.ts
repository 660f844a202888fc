import { createHash } from 'node:crypto';
import type { FloodLimits, FoundSender } from '../../../db/messages/senders.ts';
import { readTurns } from '../../../db/messages/turns.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { isCommand } from '../../rules/commands.ts';
import { ANSWERED_WITHIN_MS, findExchange } from '../../rules/loops.ts';
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
    // Of two who answer each other, each says every second text.
    hurried: config.LOOP_ANSWERS === 0 ? 0 : Math.max(1, Math.floor(config.LOOP_ANSWERS / 2)),
    hurriedSince: loopSince(config, now),
  };
}

/** How far back each limit looks. */
export const SECONDS_COUNTED = {
  repeats: 300,
  floods: 60,
  loops: ANSWERED_WITHIN_MS / 1_000,
} as const satisfies Record<Flood['kind'], number>;

/** Earlier texts of the same phone in the same batch: all of them, and those with the same content. */
export type EarlierTexts = { any: number; same: number };

/** The limit that a phone has reached with this text, or null. */
export async function findFlood(
  runtime: Runtime,
  found: FoundSender,
  { text, now }: { text: string; now: Date },
): Promise<Flood | null> {
  if (found.repeats) return { kind: 'repeats' };
  if (found.floods) return { kind: 'floods', limit: runtime.config.INBOUND_PER_MINUTE, hour: now.getUTCHours() };
  return found.hurries && !isCommand(text) ? findLoop(runtime, found, now) : null;
}

/** Two members who answer each other at once, again and again. Only of somebody who texts fast: it costs a statement. */
async function findLoop({ db, config }: Runtime, { memberContext }: FoundSender, now: Date): Promise<Flood | null> {
  if (memberContext?.state !== 'active') return null;
  const { groupId, membershipId: memberId } = memberContext;
  const read = await readTurns(db, { groupId, since: loopSince(config, now), limit: TURNS_READ * config.LOOP_ANSWERS });
  const turns = read.map((turn) => ({ ...turn, at: turn.at.getTime() }));
  const exchange = findExchange(turns, { memberId, now: now.getTime() });
  return exchange !== null && exchange.answers >= config.LOOP_ANSWERS
    ? { kind: 'loops', withId: exchange.withId }
    : null;
}

/** The first of so many answers is no older. */
function loopSince({ LOOP_ANSWERS }: Runtime['config'], now: Date): Date {
  return new Date(now.getTime() - LOOP_ANSWERS * ANSWERED_WITHIN_MS);
}

/** Others may say so many texts for each of the two. */
const TURNS_READ = 4;
const SAME_LIMIT = 5;
