import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Fault } from '../fault.ts';

const HOUR_MS = 3_600_000;
const wrongClock = pathToFileURL(new URL('../wrong-clock.mjs', import.meta.url).pathname).href;

/** The clock of one process jumps by an hour while it works. */
export const clockFaults: readonly Fault[] = (
  [
    { name: 'clock-ahead', byMs: HOUR_MS, does: 'the clock of one process jumps an hour ahead' },
    { name: 'clock-back', byMs: -HOUR_MS, does: 'the clock of one process jumps an hour back' },
  ] as const
).map(({ name, byMs, does }) => ({
  name,
  does,
  times: 6,
  async strike({ processes, ready }, random) {
    const process = random.pick(processes.names());
    const jump = { CLOCK_BY_MS: String(byMs), CLOCK_AFTER_MS: String(Math.round(random.between(1_500, 2_500))) };
    await processes.replace(process, 'SIGTERM', { NODE_OPTIONS: `--import=${wrongClock}`, ...jump });
    await ready();
    await sleep(random.between(4_000, 6_000));
    await processes.replace(process, 'SIGTERM');
    await ready();
  },
}));
