import { expect } from 'chai';
import { row, rows, run } from '../../db/connect.ts';
import { fanOut } from '../../engine/delivery/fanout.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { type, typeJson } from '../support/operator.ts';
import { envOf } from '../support/settings.ts';
import { openWorkers } from '../support/workers.ts';
import { openWorld, type World } from '../support/world.ts';

describe('a database that was restored', () => {
  let world: World;
  let group: TestGroup;
  let env: Record<string, string>;
  let ann: string;
  let bob: string;
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    [ann = '', bob = ''] = Object.values(group.phones);
    env = envOf(world.runtime.config);
  });
  after(() => world.close());

  const told = (text: string) => world.textsTo(bob).filter((one) => one.text === `Ann: ${text}`).length;
  const one = (sql: string) => row<{ n: number }>(world.runtime.db, sql).then((found) => found?.n);

  /** The group was busy for a while: who only reads is owed what was said, and it is due. */
  async function owe(): Promise<void> {
    const { db } = world.runtime;
    const busy = (hot: 0 | 1) =>
      run(
        db,
        'UPDATE `groups` SET hot = ?, bundling = 1, roster_version = roster_version + 1, roster_tag = roster_tag + 1 WHERE id = ?',
        [hot, group.id],
      );
    await busy(1);
    await run(
      db,
      'UPDATE messages m JOIN `groups` g ON g.id = m.group_id SET m.roster_version = g.roster_version, m.roster_tag = g.roster_tag',
    );
    await fanOut(
      world.runtime,
      (await rows<{ id: number }>(db, 'SELECT id FROM messages')).map(({ id }) => id),
    );
    await busy(0);
    await run(db, 'UPDATE bundles SET due_at = NOW(3)');
    expect(await one("SELECT COUNT(*) AS n FROM deliveries WHERE state = 'skipped' AND reason = 'batched'")).to.equal(
      1,
    );
  }

  it('sends nothing that it has as under way or due, takes no text of the lost time again, and draws other ids', async () => {
    // What the backup has: a text that is owed and one that is not sent yet, one that is scheduled, and news that are due.
    expect(await world.text(ann, group.number, 'Owed')).to.equal(200);
    await owe();
    expect(await world.text(ann, group.number, 'Before')).to.equal(200);
    await run(
      world.runtime.db,
      `INSERT INTO schedules (group_id, text, send_at, created_at) SELECT id, 'Scheduled', NOW(3) - INTERVAL 1 MINUTE, NOW(3) FROM \`groups\``,
    );
    // What came in since is at the carrier alone.
    await run(world.runtime.db, 'DELETE FROM inbound_texts');
    const uuid = world.simulator.brought.at(-1)?.uuid ?? '';
    const stopped = new Date(Date.now() + 1_000).toISOString();

    expect((await type('database restored --yes', env)).code).to.equal(2);
    const rehearsed = await typeJson(`database restored --stopped ${stopped} --dry-run`, env);
    expect(rehearsed).to.include({ schedules: 1, texts: 3, dryRun: true });
    const restored = await typeJson(`database restored --stopped ${stopped} --reason "a disk" --yes`, env);
    expect(restored).to.include({ schedules: 1, texts: 3 });
    const others = await one("SELECT COUNT(*) AS n FROM messages WHERE text <> 'Ann: Owed'");
    expect(restored.messages).to.equal(others);
    expect(await one("SELECT COUNT(*) AS n FROM deliveries WHERE reason = 'batched'")).to.equal(0);

    // Done again, because it may have died half-way, it looks at the same time.
    const again = await typeJson(`database restored --stopped ${stopped} --yes`, env);
    expect(again).to.include({ messages: 0, schedules: 0, texts: 0, knownUntil: restored.knownUntil });

    const working = await openWorkers({ runtime: world.runtime }, { clock: true, beginMs: 9_000 });
    try {
      expect(await world.simulator.replay(uuid)).to.equal(200);
      expect(await world.text(ann, group.number, 'After')).to.equal(200);
      await world.inbox(bob, 1);
      await world.quiet();
      expect([told('Owed'), told('Before'), told('Scheduled'), told('After')]).to.deep.equal([0, 0, 0, 1]);
      expect(world.texts()).to.have.lengthOf(1);
      expect(await one('SELECT MAX(id) AS n FROM messages')).to.be.above(1_000_000);
      expect(await one('SELECT SUM(reserved) AS n FROM accounts')).to.equal(0);
    } finally {
      await working.close();
    }
  });

  it('finds what is lost where the clock of a process was ahead, by an hour or by minutes that are over', async () => {
    for (const ahead of ['1 HOUR', '-1 SECOND']) {
      expect(await world.text(ann, group.number, `Before ${ahead}`)).to.equal(200);
      await run(world.runtime.db, 'UPDATE system_names SET alive_at = NOW(3) - INTERVAL 1 MINUTE');
      await run(world.runtime.db, 'DELETE FROM inbound_texts');
      await run(
        world.runtime.db,
        `INSERT INTO inbound_texts (carrier_id, phone, received_at) VALUES ('of a web process', '', NOW(3) + INTERVAL ${ahead})`,
      );
      await run(world.runtime.db, `UPDATE messages SET accepted_at = NOW(3) + INTERVAL ${ahead}`);
      const stopped = new Date(Date.now() + 1_000).toISOString();
      const { knownUntil, texts } = await typeJson(`database restored --stopped ${stopped} --dry-run`, env);
      expect(texts, ahead).to.be.above(0);
      expect(new Date(String(knownUntil)).getTime(), ahead).to.be.below(Date.now() - 30_000);
    }
  });
});
