import { expect } from 'chai';
import { row, rows, run } from '../../../db/connect.ts';
import { findUnsent } from '../../../db/deliveries/cancelled.ts';
import { cancelMessage } from '../../../engine/delivery/cancel.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import { sendBundles } from '../../../engine/usecases/bundles.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { booksOf, until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { statementsOf } from '../../support/statements.ts';
import { openWorkers, type Workers } from '../../support/workers.ts';
import { openWorld, type World } from '../../support/world.ts';

type Flags = { hot: number; bundling: number };

async function flagsOf(world: World, { id }: TestGroup): Promise<Flags | undefined> {
  return row<Flags>(world.runtime.db, 'SELECT hot, bundling FROM `groups` WHERE id = ?', [id]);
}

/** What is owed is due, as if its minutes had gone by. */
async function makeDue(world: World): Promise<void> {
  await run(world.runtime.db, 'UPDATE bundles SET due_at = NOW(3) - INTERVAL 1 SECOND WHERE first_id IS NOT NULL');
}

/** The words that arrived at a phone from a group, line by line, without what we put around them. */
function linesTo(world: World, phone: string): string[] {
  return world
    .textsTo(phone)
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => /^\w+: #\d+$/.test(line));
}

describe('one text for several, from end to end', () => {
  let world: World;
  const names = ['Ann', 'Bob', 'Cy', 'Di', 'Ed'];

  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world?.close());

  async function busyGroup(): Promise<TestGroup> {
    const group = await startGroup(world, names);
    await world.text(group.phones.Ann ?? '', group.number, '*batches on');
    await world.quiet();
    return group;
  }

  it('begins with the twentieth text in five minutes, ends when it is calm, and every word arrives once and in order', async () => {
    const group = await busyGroup();
    const { Ann = '', Bob = '', Cy = '', Di = '' } = group.phones;
    const said: string[] = [];
    async function say(who: 'Ann' | 'Bob'): Promise<void> {
      const text = `#${said.length + 1}`;
      said.push(`${who}: ${text}`);
      await world.text(who === 'Ann' ? Ann : Bob, group.number, text);
    }
    for (let at = 0; at < 20; at++) await say(at % 2 === 0 ? 'Ann' : 'Bob');
    await until('the group is busy', async () => (await flagsOf(world, group))?.hot === 1);
    for (let at = 0; at < 15; at++) await say(at % 2 === 0 ? 'Ann' : 'Bob');
    await world.quiet();
    expect(linesTo(world, Cy), 'who only reads waits').to.have.length(20);
    expect(linesTo(world, Ann), 'who talks does not').to.deep.equal(said.filter((line) => line.startsWith('Bob')));
    const before = world.textsTo(Di).length;
    await makeDue(world);
    await until('what was owed is told', async () => linesTo(world, Di).length === 35);
    expect(world.textsTo(Di).length - before, 'texts for 15').to.be.at.most(2);
    await run(
      world.runtime.db,
      'UPDATE messages SET accepted_at = accepted_at - INTERVAL 11 MINUTE WHERE group_id = ?',
      [group.id],
    );
    await until('it is calm', async () => (await flagsOf(world, group))?.bundling === 0);
    expect(await rows(world.runtime.db, 'SELECT membership_id FROM bundles')).to.deep.equal([]);
    await say('Ann');
    await world.quiet();
    for (const phone of [Cy, Di]) expect(linesTo(world, phone)).to.deep.equal(said);
    const { balance, ledger, charged, trial } = await booksOf(world, Ann);
    expect(balance).to.equal(ledger);
    expect(charged, 'what is told together is paid as texts are').to.equal(trial - balance);
    const account = await row<{ reserved: number }>(world.runtime.db, 'SELECT SUM(reserved) AS reserved FROM accounts');
    expect(Number(account?.reserved), 'nothing stays reserved').to.equal(0);
  });

  it('keeps every word once and in order while all text at once, members begin and cease to talk, and it is told all the while', async () => {
    const group = await busyGroup();
    const { db } = world.runtime;
    await run(
      db,
      'UPDATE `groups` SET hot = 1, bundling = 1, roster_version = roster_version + 1, roster_tag = roster_tag + 1 WHERE id = ?',
      [group.id],
    );
    const more = await openWorkers(world, { fanouts: 2, clock: true });
    let isOver = false;
    const telling = (async () => {
      while (!isOver) {
        await makeDue(world);
        await Promise.all([sendBundles(world.runtime), sendBundles(world.runtime)]);
      }
    })();
    const count = 25;
    await Promise.all(
      names.slice(0, 4).map(async (name, at) => {
        for (let one = 0; one < count; one++)
          await world.text(group.phones[name] ?? '', group.number, `#${at * 100 + one}`);
      }),
    );
    await world.quiet();
    isOver = true;
    await telling;
    await makeDue(world);
    await sendBundles(world.runtime);
    await world.quiet();
    await more.close();
    const said = await rows<{ text: string; phone: string }>(
      db,
      `SELECT m.text, p.phone FROM messages m JOIN memberships b ON b.id = m.sender_id JOIN people p ON p.id = b.person_id
       WHERE m.group_id = ? AND m.message_id IS NOT NULL ORDER BY m.id`,
      [group.id],
    );
    expect(said).to.have.length(4 * count);
    for (const name of names) {
      const wanted = said.filter(({ phone }) => phone !== group.phones[name]).map(({ text }) => text);
      expect(linesTo(world, group.phones[name] ?? ''), name).to.deep.equal(wanted);
    }
  });
});

describe('what members are owed', () => {
  let world: World;
  let group: TestGroup;
  let workers: Workers | undefined;
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { quiet: false });
  });
  after(async () => {
    await workers?.close();
    await world?.close();
  });

  async function say(name: string, text: string): Promise<void> {
    await world.text(group.phones[name] ?? '', group.number, text);
    const ids = await rows<{ id: number }>(world.runtime.db, 'SELECT id FROM messages WHERE pending = 1 ORDER BY id');
    await fanOut(
      world.runtime,
      ids.map(({ id }) => id),
    );
  }
  const bundlesOf = () =>
    rows<{ text: string }>(
      world.runtime.db,
      "SELECT text FROM messages WHERE group_id = ? AND kind = 'said' AND message_id IS NULL ORDER BY id",
      [group.id],
    );

  it('takes no statement more from a group that is calm', async () => {
    const statements = await statementsOf(() => say('Ann', 'Calm'));
    expect(statements.filter((text) => /bundles/.test(text))).to.deep.equal([]);
  });

  it('is told once where the process dies between any two of its statements', async () => {
    await run(
      world.runtime.db,
      'UPDATE `groups` SET batches = 1, hot = 1, bundling = 1, roster_version = roster_version + 1, roster_tag = roster_tag + 1 WHERE id = ?',
      [group.id],
    );
    await say('Ann', 'One');
    await say('Ann', 'Two');
    await makeDue(world);
    // A transaction that was not committed leaves nothing; one that was, with nobody to queue it, leaves all of it.
    await run(
      world.runtime.db,
      "CREATE TRIGGER dies BEFORE UPDATE ON bundles FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'dies'",
    );
    expect(await sendBundles(world.runtime)).to.equal(0);
    expect(await bundlesOf()).to.deep.equal([]);
    await run(world.runtime.db, 'DROP TRIGGER dies');
    const addFanOut = () => Promise.reject(new Error('Connection is closed.'));
    const dying = runtimeWith(world.runtime, { queues: { ...world.runtime.queues, addFanOut } });
    const many = await Promise.all([sendBundles(dying), sendBundles(dying), sendBundles(dying)]);
    expect(many.reduce((sum, texts) => sum + texts, 0)).to.equal(2);
    const told = await bundlesOf();
    expect(told.map(({ text }) => text)).to.deep.equal(Array(2).fill('2 texts in "Friends":\nAnn: One\nAnn: Two'));
    expect(await sendBundles(world.runtime), 'nothing is told again').to.equal(0);
  });

  it('is without what an operator has stopped', async () => {
    const before = (await bundlesOf()).length;
    for (const text of ['Wrong', 'Right']) await say('Ann', text);
    const wrong = await row<{ id: number }>(world.runtime.db, "SELECT id FROM messages WHERE text = 'Ann: Wrong'");
    const messageId = wrong?.id ?? 0;
    expect(await findUnsent(world.runtime.db, group.id)).to.include.members([messageId, messageId + 1]);
    const stopped = await cancelMessage(world.runtime.db, { messageId, now: new Date() });
    expect(stopped).to.include({ stopped: 2, underWay: 0, gone: 0 });
    expect(await findUnsent(world.runtime.db, group.id))
      .to.include(messageId + 1)
      .and.not.to.include(messageId);
    await makeDue(world);
    await sendBundles(world.runtime);
    expect((await bundlesOf()).slice(before).map(({ text }) => text)).to.deep.equal(Array(2).fill('Ann: Right'));
  });

  it('that nobody can pay for is written down as not sent, and costs nothing', async () => {
    await say('Ann', 'Three');
    await makeDue(world);
    await run(world.runtime.db, 'UPDATE accounts SET balance = 0');
    expect(await sendBundles(world.runtime)).to.equal(0);
    const skipped = await rows<{ reason: string }>(
      world.runtime.db,
      "SELECT d.reason FROM deliveries d JOIN messages m ON m.id = d.message_id WHERE m.text = 'Ann: Three'",
    );
    expect(skipped.map(({ reason }) => reason)).to.deep.equal(['suspended', 'suspended']);
  });
});
