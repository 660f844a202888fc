import { setTimeout as sleep } from 'node:timers/promises';
import { faults } from './cases/index.ts';
import type { Fault } from './fault.ts';

/** Any fault that is over in some seconds, one after the other at random moments, for a number of minutes. */
export function soakFor(minutes: number): Fault {
  return {
    name: 'soak',
    does: `random faults for ${minutes} minutes`,
    times: 1,
    unavailable: 'web',
    async strike(fixture, random, _, note) {
      const short = faults.filter(({ needs, times }) => needs === undefined && times > 1);
      const until = Date.now() + minutes * 60_000;
      while (Date.now() < until) {
        await sleep(random.between(1_000, 10_000));
        const fault = random.pick(short);
        await fault
          .strike(fixture, random, () => {}, note)
          .catch((error: Error) => {
            throw new Error(`${fault.name}: ${error.message}`);
          });
      }
    },
  };
}
