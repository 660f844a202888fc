import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SendVerdict } from '../carriers/carrier.ts';
import type { Runtime } from '../platform/runtime.ts';
import { PAUSE_MS } from '../rules/status.ts';
import { pauseCarrier, pausedForMs, resumeCarrier } from './pause.ts';

export type Gate = {
  /**
   * Answers when sending may go on. `isProbe`: a pause is known and its time has come, so what the carrier says to this
   * text tells whether it is over. `openSince`: slots before that could not be used.
   */
  pass(): Promise<{ isProbe: boolean; openSince: number }>;
  saw(verdict: SendVerdict, isProbe: boolean): Promise<void>;
  shut(): void;
};

/** Holds every job while the carrier refuses everything; the first texts after that tell whether it still does. */
export function openGate(runtime: Runtime): Gate {
  const stop = new AbortController();
  // Each job that is held listens.
  setMaxListeners(0, stop.signal);
  let lookedAt = 0;
  let waitMs: number | null = null;
  let openSince = Date.now();
  return {
    async pass() {
      for (;;) {
        if (Date.now() - lookedAt > LOOK_MS) {
          lookedAt = Date.now();
          waitMs = await pausedForMs(runtime);
        }
        if (waitMs === null || waitMs === 0) return { isProbe: waitMs === 0, openSince };
        // Rejects when the process stops: the job goes back to its queue.
        await sleep(Math.min(waitMs, LOOK_MS), undefined, { signal: stop.signal });
        openSince = Date.now();
      }
    },
    async saw(verdict, isProbe) {
      if (verdict.kind === 'paused') {
        // At once, so that nothing slips through while the row is written.
        lookedAt = Date.now();
        waitMs = PAUSE_MS;
        await pauseCarrier(runtime, verdict.errorCode);
      }
      // What was on its way when the pause began says nothing of now.
      if (verdict.kind === 'accepted' && isProbe && waitMs !== null) {
        waitMs = null;
        await resumeCarrier(runtime);
      }
    },
    shut: () => stop.abort(new Error('the process stops')),
  };
}
const LOOK_MS = 1_000;
