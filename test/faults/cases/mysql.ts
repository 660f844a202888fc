import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, rows, run, transact } from '../../../db/connect.ts';
import type { Fault } from '../fault.ts';

const DEADLOCK = 1213;

export const mysqlFaults: readonly Fault[] = [
  {
    name: 'mysql-kill',
    does: 'kill -9, back a moment later',
    times: 5,
    async strike({ mariadb, ready }, random) {
      await mariadb.kill('SIGKILL');
      await sleep(random.between(0, 3_000));
      await mariadb.start();
      await ready();
    },
  },
  {
    name: 'mysql-away',
    does: 'not there for 30 s',
    times: 1,
    away: 'mysql',
    async strike({ mariadb, ready }, _, mend) {
      await mariadb.kill('SIGKILL');
      await sleep(30_000);
      mend();
      await mariadb.start();
      await ready();
    },
  },
  {
    name: 'mysql-freeze',
    does: 'stands still for 5 to 15 s',
    times: 3,
    away: 'mysql',
    async strike({ mariadb, ready }, random, mend) {
      await mariadb.kill('SIGSTOP');
      await sleep(random.between(5_000, 15_000));
      mend();
      await mariadb.kill('SIGCONT');
      await ready();
    },
  },
  {
    name: 'mysql-hangup',
    does: 'all connections are cut, in mid-transaction where there is one',
    times: 10,
    async strike({ db }) {
      const others = await rows<{ id: number }>(
        db,
        "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = 'texting' AND ID <> CONNECTION_ID()",
      );
      // It may have gone by itself meanwhile.
      for (const { id } of others) await run(db, 'KILL CONNECTION ?', [id]).catch(() => undefined);
    },
  },
  {
    name: 'mysql-deadlock',
    does: 'others lock the rows of accounts and groups the other way round, and for longer than anybody waits',
    times: 10,
    async strike({ db, groups }, random) {
      const { id } = random.pick(groups);
      const holdMs = random.pick([50, 200, 2_500]);
      await transact(db, async (tx) => {
        await rows(
          tx,
          'SELECT a.id FROM accounts a JOIN `groups` g ON g.owner_id = a.person_id WHERE g.id = ? FOR UPDATE',
          [id],
        );
        await sleep(holdMs);
        await rows(tx, 'SELECT id FROM messages WHERE group_id = ? ORDER BY id DESC LIMIT 20 FOR UPDATE', [id]);
        await rows(tx, 'SELECT id FROM `groups` WHERE id = ? FOR UPDATE', [id]);
        await sleep(holdMs);
      }).catch((error) => {
        // We may be the one that is given up.
        if (errnoOf(error) !== DEADLOCK) throw error;
      });
    },
  },
];
