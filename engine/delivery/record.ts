import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable } from '../../db/connect.ts';
import type { Runtime } from '../platform/runtime.ts';
import { openOutcomes, type Recording } from './outcomes.ts';

/**
 * Has the outcomes of sends committed, however long MySQL is unavailable. One that is forgotten has to wait for the carrier's
 * report, and without one the text goes out twice.
 */
export async function recordUntilCommitted(
  runtime: Runtime,
  recording: Recording,
  isStopping: () => boolean,
): Promise<void> {
  await untilCommitted(() => runtime.use(openOutcomes).record(recording), isStopping);
}

/** While MySQL is unavailable, tries again and again, until the process is to stop. */
export async function untilCommitted(commit: () => Promise<unknown>, isStopping: () => boolean): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await commit();
      return;
    } catch (error) {
      const mayPass = error instanceof DatabaseUnavailable || tries < TRIES;
      if (!mayPass || isStopping()) throw error;
      await sleep(AGAIN_MS);
    }
  }
}

const AGAIN_MS = 500;
/** What MySQL refuses for another reason, such as a lock that somebody holds for long. */
const TRIES = 5;
