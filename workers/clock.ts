import type { Runtime } from '../engine/runtime.ts';
import { sweep } from '../engine/sweep.ts';

/** Sweeps again and again; answers how to stop. Any number of clocks may run. */
export function runClock(runtime: Runtime): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  async function tick(): Promise<void> {
    try {
      const found = await sweep(runtime);
      if (Object.values(found).some((count) => count > 0)) runtime.log.info(found, 'swept');
    } catch (err) {
      runtime.log.warn({ err }, 'a sweep failed; the next one goes on');
    }
    if (!stopped) timer = setTimeout(next, EVERY_MS);
  }

  function next(): void {
    running = tick();
  }

  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

const EVERY_MS = 1_000;
