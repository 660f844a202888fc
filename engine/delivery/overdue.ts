import { postponeBatches } from '../../db/deliveries/batch-expiry.ts';
import type { BatchKey } from '../../db/deliveries/batches.ts';
import { batched } from '../platform/batch.ts';
import type { Runtime } from '../platform/runtime.ts';
import { GRACE_MS } from './job-plan.ts';

/**
 * Says in the database of batches whose jobs wait here until long after their slots that they are not lost, so that they are not
 * queued once more meanwhile: each job that asks takes a moment of the number, and those that send nothing keep the others waiting.
 */
export type Overdue = {
  /** Its job has a moment at `at`, on performance.now(), and its slot was at `slotAt`. Never fails: else it is queued once more. */
  waitsUntil(batch: BatchKey, times: { slotAt: number; at: number }): void;
};

export function openOverdue({ db, log }: Pick<Runtime, 'db' | 'log'>): Overdue {
  const { add } = batched<{ batch: BatchKey; until: number }, void>({
    max: AT_ONCE,
    lingerMs: 50,
    parallel: 1,
    async flush(waiting) {
      const restMs = Math.max(...waiting.map(({ until }) => until)) - performance.now();
      const batches = waiting.map(({ batch }) => batch);
      await postponeBatches(db, batches, new Date(Date.now() + restMs));
      return batches.map(() => undefined);
    },
  });
  return {
    waitsUntil(batch, { slotAt, at }) {
      if (at < slotAt + GRACE_MS - BEFORE_MS) return;
      add({ batch, until: at + GRACE_MS }).catch((err) =>
        log.debug({ err }, 'what waits for its moment could not be postponed'),
      );
    },
  };
}

const AT_ONCE = 500;
/** Before anybody takes it for lost. */
const BEFORE_MS = 2_000;
