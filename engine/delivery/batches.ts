import { randomInt } from 'node:crypto';
import type { NewBatch } from '../../db/deliveries/batches.ts';
import { type DeliveryKey, nameOf } from '../../db/deliveries/delivery-keys.ts';
import type { SendJob } from '../platform/queues.ts';

type Placed = DeliveryKey & { cost: number; dueAt: Date | null; batch: number | null };

/**
 * Makes batches of jobs whose deliveries go out in one moment at their first try, and notes it on the job and on each
 * delivery: from then on they are claimed, and looked for, as one. Those of one part cost the same. Answers the batches.
 */
export function formBatches(jobs: readonly SendJob[], placed: readonly Placed[]): NewBatch[] {
  const together = jobs.filter(isOneMoment);
  if (together.length === 0) return [];
  const byName = new Map(placed.map((delivery) => [nameOf(delivery), delivery]));
  return together.flatMap((job) => {
    const deliveries = job.to.flatMap((key) => byName.get(nameOf({ messageId: job.messageId, ...key })) ?? []);
    const [first] = deliveries;
    if (!first?.dueAt) return [];
    const { messageId, numberId } = job;
    // Nobody else makes batches of this message meanwhile, and one that is gone is not mistaken for a new one.
    job.batch = randomInt(ANY_BATCH);
    const batch = { messageId, batch: job.batch, numberId, cost: first.cost, dueAt: first.dueAt };
    for (const delivery of deliveries) Object.assign(delivery, { batch: job.batch, dueAt: null });
    return [batch];
  });
}

const ANY_BATCH = 2 ** 47;

function isOneMoment({ to }: SendJob): boolean {
  const [first] = to;
  return to.length > 1 && to.every(({ part, attempt, afterMs }) => part === first?.part && attempt === 1 && !afterMs);
}
