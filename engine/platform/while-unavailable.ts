import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable } from '../../db/connect.ts';

/**
 * Does work that is safe to do again, and again while MySQL is unavailable, for `patienceMs` from its beginning. So a job
 * keeps its place and is done soon after MySQL is back, and jobs behind it do not use up their attempts meanwhile. Rejects
 * as the work did when that time is over, or once `stopping` is aborted.
 */
export async function whileUnavailable(
  work: () => Promise<void>,
  { stopping, patienceMs = PATIENCE_MS }: { stopping: AbortSignal; patienceMs?: number },
): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || stopping.aborted || performance.now() > until) throw error;
      // Not all in the same moment.
      const pauseMs = AGAIN_MS * (0.5 + Math.random());
      await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
      if (stopping.aborted) throw error;
    }
  }
}

const PATIENCE_MS = 60_000;
const AGAIN_MS = 400;
