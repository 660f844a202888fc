import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

/** What was on its way when the pause became known. */
const SETTLED_MS = 2_000;

export const pauseFaults: readonly Fault[] = [
  {
    name: 'pause-restart',
    does: 'the senders start anew while the carrier has no credit: nothing that is held goes out before its time',
    times: 1,
    async strike({ processes, simulator }, random, mend) {
      simulator.fault({ kind: '402' });
      const tries = () => simulator.faults().reduce((sum, { hits }) => sum + hits, 0);
      while (tries() === 0) await sleep(100);
      await sleep(SETTLED_MS);
      const before = tries();
      // Meanwhile more and more is held.
      await sleep(random.between(3_000, 6_000));
      const signal = random.pick(['SIGTERM', 'SIGKILL'] as const);
      await Promise.all(processes.names('sender').map((name) => processes.replace(name, signal)));
      await processes.up();
      await sleep(random.between(3_000, 6_000));
      const slipped = tries() - before;
      mend();
      simulator.clearFaults();
      if (slipped > 0) throw new Error(`${slipped} texts went to the carrier while sending paused`);
    },
  },
];
