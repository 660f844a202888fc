import { readEvents } from '../../engine/platform/events.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { until } from './rows.ts';

/** Returns how often `what` was counted, once that is `least` or more: a process writes its counts a moment later. */
export async function eventsOf(runtime: Runtime, what: string, least: number): Promise<number> {
  return until(`${least} of ${what}`, async () => {
    const count = (await readEvents(runtime)).get(what) ?? 0;
    return count >= least && count;
  });
}
