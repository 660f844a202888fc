import { transact } from '../../db/connect.ts';
import { readContents } from '../../db/deliveries/batch-contents.ts';
import { hastenBatches, readUnclaimed } from '../../db/deliveries/batch-expiry.ts';
import { type Batch, batchName, dropUnclaimed, findBehind } from '../../db/deliveries/batches.ts';
import { markWaitingAgain } from '../../db/deliveries/deliveries.ts';
import { dissolveBatches } from '../../db/deliveries/dissolved.ts';
import { lockMessages, markWaiting } from '../../db/deliveries/pending-messages.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { type Config, isPaced } from '../platform/config.ts';
import type { SendBatch, SendJob } from '../platform/jobs.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { sizeOf } from '../rules/text-size.ts';
import type { TryOf } from '../rules/try-name.ts';

/** What cannot be queued, because Redis is unavailable, has no job: the sweeper looks for it soon. */
export async function queueSends(runtime: Runtime, sends: readonly SendJob[]): Promise<void> {
  try {
    await runtime.queues.addSends(sends);
  } catch (err) {
    warnRarely(runtime.log, { err }, 'texts with slots could not be queued; the sweeper will');
    const batches = sends.flatMap((send) => send.batches.map((batch) => batchOf(send, batch)));
    await hastenBatches(runtime.db, batches, new Date(Date.now() + AGAIN_MS));
  }
}
const AGAIN_MS = 1_000;

/**
 * Queues batches that nobody has claimed once more, as they are, and those behind them, whose jobs may be lost as well: whichever of
 * their jobs comes first is the one that sends. Each keeps its place among the texts of its group, and the rate limiter the pace of
 * what is past its slot. One whose tries have moved on, by a late report of the try before, ends: nobody would claim it.
 */
export async function queueAgain({ config, db, queues }: Runtime, batches: readonly Batch[]): Promise<void> {
  const all = [...batches, ...(await readContents(db, await findBehind(db, batches)))];
  await dropUnclaimed(
    db,
    all.filter(({ to }) => to.length === 0),
  );
  const contents = new Map(all.map((batch) => [batchName(batch), batch]));
  const againAt = Date.now();
  const jobs = new Map<string, SendJob>();
  for (const { messageId, batch: id, numberId, slotAt, urgent, text, media } of await readUnclaimed(db, all)) {
    const { part = 0, attempt = 1, to = [] } = contents.get(batchName({ messageId, batch: id })) ?? {};
    if (to.length === 0) continue;
    const name = `${messageId}:${numberId}:${attempt}`;
    const of = { messageId, numberId, attempt, urgent: urgent === 1, slotAt, text, media };
    const job = jobs.get(name) ?? { ...jobOf(config, of), againAt };
    job.batches.push({ id, part, afterMs: 0, to: [...to] });
    jobs.set(name, job);
  }
  // A part after those before it.
  for (const { batches: parts } of jobs.values()) parts.sort((a, b) => a.part - b.part);
  await queues.addSends([...jobs.values()]);
}

/** A job without batches yet, of what the database knows of a text that has its slot; `media` as that keeps it. */
export function jobOf(
  config: Config,
  {
    slotAt,
    text,
    media,
    ...of
  }: Omit<SendJob, 'atMs' | 'batches'> & { slotAt: Date; text: string; media: string | null },
): SendJob {
  const size = sizeOf({ text, media: readMedia(media) });
  return { ...of, atMs: isPaced(config) ? slotAt.getTime() : null, batches: [], ...(size !== 1 && { size }) };
}

/** A batch of a job, as the database names it. */
export function batchOf({ messageId, attempt }: SendJob, { id, part, to }: SendBatch): Batch {
  return { messageId, batch: id, part, attempt, to };
}

/** `attempt` of a try that waits is the one before: the last that was made. */
export type Waiting = { tries: readonly TryOf[]; batches: readonly Batch[] };

/**
 * Makes tries and batches wait for a slot again, where they are still queued. Returns their messages, in the order in which
 * they are to stand in line: the earlier one of a group first.
 */
export async function takeBack(runtime: Runtime, { tries = [], batches = [] }: Partial<Waiting>): Promise<number[]> {
  const messageIds = [...new Set([...tries, ...batches].map(({ messageId }) => messageId))].sort((a, b) => a - b);
  if (messageIds.length === 0) return [];
  await transact(runtime.db, async (tx) => {
    await lockMessages(tx, messageIds);
    await dissolveBatches(tx, batches);
    await markWaitingAgain(tx, tries);
    await markWaiting(tx, messageIds);
  });
  return messageIds;
}
