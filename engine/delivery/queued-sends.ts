import { transact } from '../../db/connect.ts';
import type { Batch } from '../../db/deliveries/batches.ts';
import { markWaitingAgain } from '../../db/deliveries/deliveries.ts';
import { dissolveBatches } from '../../db/deliveries/dissolved.ts';
import { lockMessages, markWaiting } from '../../db/deliveries/pending-messages.ts';
import type { SendBatch, SendJob } from '../platform/jobs.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { TryOf } from '../rules/try-name.ts';

/** What cannot be queued, because Redis is unavailable, waits for a slot again; the sweeper puts it in line. */
export async function queueSends(runtime: Runtime, sends: readonly SendJob[]): Promise<void> {
  try {
    await runtime.queues.addSends(sends);
  } catch (err) {
    warnRarely(runtime.log, { err }, 'texts with slots could not be queued; the sweeper puts them in line');
    await takeBack(runtime, { batches: sends.flatMap((send) => send.batches.map((batch) => batchOf(send, batch))) });
  }
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
