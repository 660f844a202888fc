import type { BatchKey } from '../../db/deliveries/batches.ts';
import { readFinished } from '../../db/deliveries/pending-messages.ts';
import { openProcessMetrics } from '../platform/process-metrics.ts';
import type { Runtime } from '../platform/runtime.ts';

/**
 * For `runtime.use`. Measures how long messages take until the last of their first tries is at the carrier: of the batches
 * that end, one a second is looked at, so that it costs sending nothing. Nobody waits for it.
 */
export function openLastRecipient(runtime: Runtime): { look(ended: readonly BatchKey[]): void } {
  const { lastRecipient } = runtime.use(openProcessMetrics);
  let looked = Number.NEGATIVE_INFINITY;
  return {
    look(ended) {
      const [first] = ended;
      if (first === undefined || performance.now() - looked < EVERY_MS) return;
      looked = performance.now();
      const now = Date.now();
      readFinished(runtime.db, first.messageId).then(
        (acceptedAt) => acceptedAt && lastRecipient.observe(Math.max(0, now - acceptedAt.getTime()) / 1_000),
        () => undefined,
      );
    },
  };
}

const EVERY_MS = 1_000;
