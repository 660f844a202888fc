import { expect } from 'chai';
import { row, rows, run } from '../../db/connect.ts';
import { openRandom } from '../faults/random.ts';
import { startGroup } from '../support/group.ts';
import { startProcess } from '../support/process.ts';
import { COMPILE_WITHIN_MS, compileProgram } from '../support/program.ts';
import { until } from '../support/rows.ts';
import { openWorld, type World } from '../support/world.ts';

const ROUNDS = 4;
const SEED = 2_026;

describe('clocks and fan-outs that are killed while a busy group is told what it is owed', () => {
  let world: World;
  before(async function () {
    this.timeout(COMPILE_WITHIN_MS);
    await compileProgram();
    world = await openWorld();
  });
  after(() => world?.close());

  it('lose no word, tell none twice, and keep the order', async function () {
    this.timeout(120_000);
    const { db, config } = world.runtime;
    const random = openRandom(SEED);
    const group = await startGroup(world, ['Ann', 'Bob', 'Cy', 'Di']);
    await run(
      db,
      'UPDATE `groups` SET batches = 1, hot = 1, bundling = 1, roster_version = roster_version + 1, roster_tag = roster_tag + 1 WHERE id = ?',
      [group.id],
    );
    let count = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const processes = [startProcess('clock', config), startProcess('fanout', config)];
      await Promise.all(processes.map((one) => one.said('started')));
      for (let one = 0; one < 10; one++) {
        await world.text(group.phones[one % 2 === 0 ? 'Ann' : 'Bob'] ?? '', group.number, `#${++count}`);
        await run(db, 'UPDATE bundles SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE first_id IS NOT NULL');
        if (one === 4 + Math.floor(random.next() * 5)) break;
      }
      await Promise.all(processes.map((one) => one.kill()));
    }
    await until(
      'nothing is owed',
      async () => {
        await run(db, 'UPDATE bundles SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE first_id IS NOT NULL');
        const found = await row<{ owed: number }>(
          db,
          `SELECT (SELECT COUNT(*) FROM bundles WHERE first_id IS NOT NULL)
             + (SELECT COUNT(*) FROM messages WHERE pending = 1) AS owed`,
        );
        return found?.owed === 0;
      },
      60_000,
    );
    await world.quiet();
    const said = await rows<{ text: string; sender: string }>(
      db,
      `SELECT m.text, b.name AS sender FROM messages m JOIN memberships b ON b.id = m.sender_id
       WHERE m.group_id = ? AND m.message_id IS NOT NULL ORDER BY m.id`,
      [group.id],
    );
    expect(said).to.have.length(count);
    for (const [name, phone] of Object.entries(group.phones)) {
      const lines = world
        .textsTo(phone)
        .flatMap(({ text }) => text.split('\n').filter((line) => /^\w+: #\d+$/.test(line)));
      expect(lines, name).to.deep.equal(said.filter(({ sender }) => sender !== name).map(({ text }) => text));
    }
  });
});
