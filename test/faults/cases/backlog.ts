import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, row, rows, run } from '../../../db/connect.ts';
import { type Group, makeGroups } from '../../bench/crowd.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';

/** A tenth of four million: 400 broadcasts to a group of a thousand, whose number sends one a second. */
const BROADCASTS = 400;
const MEMBERS = 1_000;

export const backlogFaults: readonly Fault[] = [
  {
    name: 'backlog',
    does: `${(BROADCASTS * MEMBERS).toLocaleString('en')} deliveries wait on one number, written by SQL; then Redis is emptied and a sender killed`,
    times: 1,
    needs: 'paced',
    recoversWithinMs: 15_000,
    async strike(fixture, random, mend, note) {
      const ids = await seed(fixture);
      note(`${ids.length} messages wait`);
      await sleep(5_000);
      mend();
      await fixture.redisClient.flushall();
      await fixture.processes.replace(random.pick(fixture.processes.names('sender')), 'SIGKILL');
      await sleep(10_000);
      await forget(fixture.db, ids);
    },
  },
];

/** One broadcast that the engine itself has taken and written down, and copies of it. */
async function seed({ db, pool, simulator }: Fixture): Promise<number[]> {
  const [group] = await makeGroups(db, { groups: 1, members: MEMBERS, firstNumber: pool.length - 1 });
  if (group === undefined) throw new Error('there is no group');
  // Nothing is paid for what is sent before the rest is forgotten.
  await run(db, "UPDATE accounts a JOIN `groups` g ON g.owner_id = a.person_id SET a.type = 'F' WHERE g.id = ?", [
    group.id,
  ]);
  await simulator.text({ from: group.phones[0] ?? '', to: group.number, text: 'The first of many' });
  const first = await untilWritten(db, group);
  const ids = [first];
  for (let at = 2; at <= BROADCASTS; at++) ids.push(await copyMessage(db, { first, at }));
  await run(db, 'UPDATE `groups` SET last_message_id = ? WHERE id = ?', [BROADCASTS, group.id]);
  return ids;
}

async function untilWritten(db: Db, { id, phones }: Group): Promise<number> {
  for (;;) {
    const found = await row<{ id: number; written: number }>(
      db,
      `SELECT m.id, COUNT(d.person_id) AS written FROM messages m LEFT JOIN deliveries d ON d.message_id = m.id
       WHERE m.group_id = ? AND m.message_id = 1 GROUP BY m.id`,
      [id],
    );
    if (found !== undefined && found.written === phones.length - 1) return found.id;
    await sleep(100);
  }
}

async function copyMessage(db: Db, { first, at }: { first: number; at: number }): Promise<number> {
  const columns = await columnsOf(db, 'messages', ['id', 'message_id', 'pending']);
  const { id } = await run(
    db,
    `INSERT INTO messages (message_id, pending, ${columns}) SELECT ${at}, 2, ${columns} FROM messages WHERE id = ?`,
    [first],
  );
  const more = await columnsOf(db, 'deliveries', ['message_id']);
  await run(
    db,
    `INSERT INTO deliveries (message_id, ${more}) SELECT ${id}, ${more} FROM deliveries
     WHERE message_id = ? AND state = 'queued' AND queued_at IS NULL`,
    [first],
  );
  return id;
}

async function columnsOf(db: Db, table: string, without: readonly string[]): Promise<string> {
  const found = await rows<{ name: string }>(
    db,
    'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
    [table],
  );
  return found
    .map(({ name }) => name)
    .filter((name) => !without.includes(name))
    .join(', ');
}

async function forget(db: Db, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    await run(db, 'DELETE FROM batches WHERE message_id = ?', [id]);
    await run(db, 'DELETE FROM deliveries WHERE message_id = ?', [id]);
    await run(db, 'UPDATE messages SET pending = NULL WHERE id = ?', [id]);
  }
}
