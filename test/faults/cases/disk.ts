import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { fillWith } from '../small-disk.ts';

export const diskFaults: readonly Fault[] = [
  {
    name: 'disk-full',
    does: 'no room left for the data of MySQL and Redis, for 20 to 30 s (needs root, for a small disk of its own)',
    times: 2,
    unavailable: 'maybe',
    needs: 'disk',
    async strike({ folder, ready, database }, random, mend, note) {
      const filler = path.join(folder, 'servers', 'filler');
      const until = Date.now() + random.between(20_000, 30_000);
      // Again and again: a server that lets go of an old file makes room.
      while (Date.now() < until) {
        fillWith(filler);
        await sleep(100);
      }
      mend();
      rmSync(filler);
      // InnoDB ends its server where it finds no room in a rollback; a service manager starts it again.
      if (database.pid === undefined) {
        note('MySQL ended itself for want of room, and was started again when there was some');
        await database.start();
      }
      await ready();
    },
  },
];
