import { type Batch, type BatchPayload, batchName, UNCLAIMED } from '../../db/deliveries/batches.ts';
import type { findPartsBefore } from '../../db/deliveries/part-order.ts';
import type { Run, SendOrder } from './send-order.ts';

/** Of a batch that may not go yet: what is to go first is under way, or no process has some of it. */
export const BEHIND = 'behind';
export const STRANDED = 'stranded';
/** It was claimed and let go: jobs that came meanwhile found nothing to do. */
export const LET_GO = 'let go';
/** Somebody has claimed it, or nothing is left of it: what who only looks is told. */
export const GONE = 'gone';
export type Hindrance = typeof BEHIND | typeof STRANDED | typeof LET_GO | null;

type Asked = Batch & { looks?: true; run?: Run | undefined };

/**
 * Of each, why it may not go yet, and which that are claimed with it it needs: one of a run counts on those of the run before it.
 */
export function whoGoesFirst(payloads: readonly BatchPayload[], { asked, parts, ...here }: Here) {
  const behind = new Map<string, Hindrance>();
  const reliedOn = new Map<string, string[]>();
  const together = new Map<string, Run>();
  for (const payload of inOrder(payloads, asked)) {
    const name = batchName(payload);
    const { run, looks } = asked.get(name) ?? {};
    const first = [...before(payload), ...partsBefore(asked.get(name), parts)];
    // What went from here is no hindrance, though the database does not know it yet.
    const left = first.filter((one) => !here.sent.has(one.name) && !run?.claimed.has(one.name));
    const others = left.filter((first) => run === undefined || together.get(first.name) !== run);
    const why = whyBehind(others, here.isHere);
    behind.set(name, why);
    if (why !== null || run === undefined || looks) continue;
    together.set(name, run);
    reliedOn.set(
      name,
      left.map((first) => first.name),
    );
  }
  return { behind, reliedOn };
}

type First = { name: string; waits: boolean };

/** `parts`: what is left of earlier parts of the messages of those of later ones. */
type Here = {
  asked: ReadonlyMap<string, Asked>;
  parts: Awaited<ReturnType<typeof findPartsBefore>>;
  sent: ReadonlySet<string>;
  isHere: SendOrder['isHere'];
};

function inOrder(payloads: readonly BatchPayload[], asked: ReadonlyMap<string, Asked>): BatchPayload[] {
  const partOf = (payload: BatchPayload) => asked.get(batchName(payload))?.part ?? 0;
  return payloads.toSorted((a, b) => a.messageId - b.messageId || partOf(a) - partOf(b));
}

function before({ behind }: BatchPayload): First[] {
  if (behind === null) return [];
  return behind.split(',').map((one) => ({ name: one.replace(UNCLAIMED, ''), waits: one.endsWith(UNCLAIMED) }));
}

/** Where a job has all parts they are sent one after the other; a part may be in a run or another job as well. */
function partsBefore(batch: Asked | undefined, parts: Here['parts']): First[] {
  if (batch === undefined || batch.part === 0) return [];
  const mine = parts.filter(
    (one) => one.messageId === batch.messageId && one.part < batch.part && batch.to.includes(one.personId),
  );
  const names = new Map(mine.map((one) => [batchName(one), one.waits === 1]));
  return [...names].map(([name, waits]) => ({ name, waits }));
}

function whyBehind(left: readonly First[], isHere: SendOrder['isHere']): Hindrance {
  if (left.length === 0) return null;
  return left.some(({ name, waits }) => waits && !isHere(name)) ? STRANDED : BEHIND;
}

/** As long as the carrier takes for the texts that go first; who waits for many looks less often, as looks take the time of claims. */
export function lookAfterMs(looks: number): number {
  return Math.min(BEHIND_MS * 1.5 ** looks, BEHIND_AT_MOST_MS);
}
const BEHIND_MS = 25;
const BEHIND_AT_MOST_MS = 250;
