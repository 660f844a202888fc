import { randomBytes } from 'node:crypto';
import type { Tx } from '../db/connect.ts';
import { writeAccepted } from '../db/delivery-progress.ts';
import type { Heard } from './progress.ts';
import { writeFates } from './rules/fates.ts';
import { advance } from './rules/status.ts';

/**
 * Nearly all news is that the carrier took a first try, right after its claim. What follows is then the same for every
 * row, so it is written without reading one. A row of which something else was heard meanwhile is left alone; what was
 * written is answered.
 */
export async function takeAccepted(tx: Tx, heard: readonly Heard[], now: Date): Promise<Set<Heard>> {
  const accepted = heard.flatMap((one) => (isPlain(one) ? [{ ...one.of, carrierId: one.carrierId, heard: one }] : []));
  if (accepted.length === 0) return new Set();
  const { next } = advance({ delivery: justClaimed, news: taken, maxAttempts: 1, ageMs: 0 });
  const mark = `${marker}-${++marks}`;
  const written = await writeAccepted(tx, { accepted, fates: writeFates(next.fates), mark, now });
  return new Set(written.map((one) => one.heard));
}

const justClaimed = { state: 'sending', attempt: 1, pauses: 0, fates: {} } as const;
const taken = { kind: 'outcome', attempt: 1, verdict: 'accepted' } as const;

type Plain = Heard & { carrierId: string; fresh: { cost: number } };

function isPlain(heard: Heard): heard is Plain {
  const { of, news, fresh, carrierId } = heard;
  const isTaken = news.kind === 'outcome' && news.verdict === 'accepted';
  return isTaken && of.attempt === 1 && fresh !== undefined && carrierId !== undefined;
}

/** Marks the rows of one write; no other process has the same. */
const marker = randomBytes(9).toString('base64url');
let marks = 0;
