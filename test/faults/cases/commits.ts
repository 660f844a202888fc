import { setTimeout as sleep } from 'node:timers/promises';
import { onOneConnection, row, run, type Tx } from '../../../db/connect.ts';
import { type Kind, openCalls } from '../calls.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';
import { giveUp } from '../give-up.ts';
import type { Random } from '../random.ts';

/** Three calls a second. */
const EVERY_MS = 333;

export const commitFaults: readonly Fault[] = [
  {
    name: 'commits-stall',
    does: 'COMMIT stands still for 1 to 6 s again and again; what is answered 503 meanwhile has not happened (--seconds)',
    times: 1,
    unavailable: 'maybe',
    needs: 'gates',
    async strike(fixture, random, mend, note) {
      const calls = openCalls(fixture);
      const until = Date.now() + fixture.seconds * 1_000;
      const stalling = stallUntil(fixture, random, until);
      const asked: Promise<unknown>[] = [];
      while (Date.now() < until) {
        await sleep(EVERY_MS);
        const kind = random.pick(kinds);
        asked.push(random.next() < 0.5 ? calls.once(kind) : calls.insist(kind));
      }
      await stalling;
      mend();
      await Promise.all(asked);
      const answers = Object.entries(calls.counts()).map(([status, count]) => `${count} of ${status}`);
      note(`calls: ${answers.join(', ')}`);
      const broken = await calls.check();
      if (broken.length > 0)
        throw new Error(`${broken.length} calls were not as answered: ${broken.slice(0, 5).join('; ')}`);
    },
  },
  {
    name: 'mysql-gives-up',
    does: 'MySQL gives up a tenth of all transactions, at a statement or at COMMIT (error 1213), for 10 s',
    times: 2,
    needs: 'gates',
    recoversWithinMs: 15_000,
    async strike({ ways }, random, mend, note) {
      let times = 0;
      for (const { mysql } of ways.values())
        mysql.stand((said) => {
          const given = random.next() < 0.1 ? giveUp(said) : null;
          if (given !== null) times += 1;
          return given;
        });
      await sleep(10_000);
      mend();
      for (const { mysql } of ways.values()) mysql.open();
      note(`given up ${times} times`);
    },
  },
];

/** A group is seldom made: each takes two phones of the world. */
const kinds: readonly Kind[] = ['send', 'send', 'send with a key', 'send with a key', 'schedule', 'create'];

async function stallUntil({ db }: Fixture, random: Random, until: number): Promise<void> {
  const server = await row<{ version: string }>(db, 'SELECT VERSION() AS version');
  const { hold, release } = server?.version.includes('MariaDB') ? stages : locks;
  while (Date.now() < until) {
    await sleep(random.between(500, 3_000));
    // It does not come to it while others hold what it needs.
    await onOneConnection(db, (own) => stall(own, { hold, release, ms: random.between(1_000, 6_000) })).catch(
      () => null,
    );
  }
}

/** As the last step of a backup does; MySQL has no such step, and lets nobody write meanwhile. */
const stages = { hold: ['BACKUP STAGE START', 'BACKUP STAGE BLOCK_COMMIT'], release: 'BACKUP STAGE END' };
const locks = { hold: ['FLUSH TABLES WITH READ LOCK'], release: 'UNLOCK TABLES' };

async function stall(
  own: Tx,
  { hold, release, ms }: Pick<typeof stages, 'hold' | 'release'> & { ms: number },
): Promise<void> {
  for (const statement of hold) await run(own, statement);
  await sleep(ms);
  await run(own, release);
}
