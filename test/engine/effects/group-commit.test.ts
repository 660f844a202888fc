import { expect } from 'chai';
import fc from 'fast-check';
import { row, rows, run } from '../../../db/connect.ts';
import type { Act } from '../../../engine/effects/act.ts';
import { perform } from '../../../engine/effects/perform.ts';
import { findMembership } from '../../../engine/groups/membership.ts';
import type { Membership } from '../../../engine/rules/types.ts';
import { receive } from '../../../engine/usecases/receive.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { statementsOf } from '../../support/statements.ts';
import { openWorld, type World } from '../../support/world.ts';

let texts = 0;

describe('texts that come in the same instant', () => {
  let world: World;
  let groups: TestGroup[];
  let standings: Membership[];

  before(async () => {
    world = await openWorld({ workers: false });
    groups = [];
    for (const name of ['Red', 'Green', 'Blue'])
      groups.push(await startGroup(world, ['Alice', 'Bob', 'Carol'], { name, quiet: false }));
    standings = await Promise.all(groups.map((group) => membershipOf(group, 'Bob')));
  });
  after(() => world?.close());

  async function membershipOf({ number, phones }: TestGroup, name: string): Promise<Membership> {
    const membership = await findMembership(world.runtime, { phone: phones[name] ?? '', number });
    if (membership === null) throw new Error(`${name} is nobody here`);
    return membership;
  }

  function act({ roster, member }: Membership, carrierId: string | null, text = 'Hello'): Act {
    const by = { personId: member.personId, membershipId: member.id, numberId: member.numberId };
    const inbound = carrierId === null ? null : { carrierId, phone: member.phone };
    const cause = { by: 'member', personId: member.personId } as const;
    const say = { kind: 'say', text, media: [], toId: null, cc: false } as const;
    return { by, cause, roster, effects: [say], inbound, now: new Date() };
  }

  function comes(group: TestGroup, name: string, text: string, at = ++texts): Promise<void> {
    const arrived = { carrierId: `together-${at}`, from: group.phones[name] ?? '', to: group.number, text };
    return receive(world.runtime, { ...arrived, media: [], intent: null }, world.runtime);
  }

  async function idsOf({ id }: TestGroup): Promise<number[]> {
    const found = await rows<{ id: number }>(
      world.runtime.db,
      'SELECT message_id AS id FROM messages WHERE group_id = ? AND message_id IS NOT NULL ORDER BY id',
      [id],
    );
    return found.map((one) => one.id);
  }

  it('are looked up together and kept in one transaction, and each gets the next id of its group', async () => {
    const before = await Promise.all(groups.map(idsOf));
    const asked = await statementsOf(() =>
      Promise.all(
        groups.flatMap((group) => ['Alice', 'Bob', 'Carol'].map((name) => comes(group, name, 'All at once'))),
      ),
    );
    expect(asked.filter((sql) => /^BEGIN/.test(sql))).to.have.length(1);
    expect(asked.filter((sql) => /inbound_texts i/.test(sql))).to.have.length(1);
    for (const [at, group] of groups.entries()) {
      const ids = await idsOf(group);
      expect(ids.slice(0, before[at]?.length)).to.deep.equal(before[at]);
      expect(ids).to.deep.equal(Array.from({ length: (before[at]?.length ?? 0) + 3 }, (_, index) => index + 1));
    }
  });

  it('cost eight statements, of which two lock and four write', async () => {
    const asked = await statementsOf(() => comes(groups[0] as TestGroup, 'Bob', 'By itself'));
    const within = asked.slice(asked.indexOf('BEGIN'), asked.indexOf('COMMIT') + 1);
    const tables = ['inbound_texts', 'messages', 'groups', 'accounts'];
    const words = within.map((sql) => [
      /^\w+/.exec(sql)?.[0],
      tables.find((name) => new RegExp(`\\b${name}\\b`).test(sql)),
    ]);
    expect(words.map((some) => some.filter(Boolean).join(' '))).to.deep.equal([
      'BEGIN',
      'SELECT groups',
      'SELECT accounts',
      'UPDATE accounts',
      'INSERT inbound_texts',
      'UPDATE groups',
      'INSERT messages',
      'COMMIT',
    ]);
  });

  it('are kept together although one of them is brought twice', async () => {
    const [red, green] = groups as [TestGroup, TestGroup];
    const before = await idsOf(green);
    const twice = ++texts;
    const asked = await statementsOf(() =>
      Promise.all([
        ...[1, 2].map(() => comes(red, 'Bob', 'Brought twice', twice)),
        ...['Alice', 'Bob', 'Carol'].map((name) => comes(green, name, 'Brought once')),
      ]),
    );
    expect(asked.filter((sql) => /^COMMIT/.test(sql))).to.have.length(1);
    expect(await idsOf(green)).to.have.length(before.length + 3);
  });

  it('of one phone are counted one by one: a machine that says the same ten times is heard five times', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { name: 'Machine', quiet: false });
    await Promise.all(Array.from({ length: 10 }, () => comes(group, 'Bob', 'I am away')));
    expect(await idsOf(group)).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('of one phone may say ten different things', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { name: 'Chatty', quiet: false });
    await Promise.all(Array.from({ length: 10 }, (_, at) => comes(group, 'Bob', `Thought ${at}`)));
    expect(await idsOf(group)).to.have.length(10);
  });

  it('do not wait for one whose group somebody has locked', async () => {
    const [red, green] = groups as [TestGroup, TestGroup];
    let release: () => void = () => undefined;
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held: Promise<void> = Promise.resolve();
    await new Promise<void>((resolve) => {
      held = world.runtime.db.transaction(async (tx) => {
        await run(tx, 'UPDATE `groups` SET source = source WHERE id = ?', [red.id]);
        resolve();
        await isReleased;
      });
    });
    let isLate = true;
    const late = comes(red, 'Bob', 'Behind the lock').then(() => {
      isLate = false;
    });
    await Promise.all(['Alice', 'Bob', 'Carol'].map((name) => comes(green, name, 'Past the lock')));
    expect(isLate).to.equal(true);
    release();
    await Promise.all([late, held]);
    const last = await row<{ text: string }>(
      world.runtime.db,
      'SELECT text FROM messages WHERE group_id = ? ORDER BY id DESC LIMIT 1',
      [red.id],
    );
    expect(last?.text).to.equal('Bob: Behind the lock');
  });

  it('have the same ends as one by one, whichever repeat another or come too late', async () => {
    const one = fc.record({
      group: fc.nat(2),
      /** Few, so that many are repeats; none is a call of an app. */
      carrierId: fc.option(fc.nat(5), { freq: 4 }),
      stale: fc.boolean(),
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 2, maxLength: 12 }), async (instant) => {
        const run = ++runs;
        const nameOf = (carrierId: number | null) => (carrierId === null ? null : `run-${run}-${carrierId}`);
        const before = await Promise.all(groups.map(idsOf));
        const ends = await Promise.all(
          instant.map(({ group, carrierId, stale }) => {
            const { roster, member } = standings[group] as Membership;
            const version = roster.group.version - Number(stale);
            const membership = { member, roster: { ...roster, group: { ...roster.group, version } } };
            return perform(world.runtime, act(membership, nameOf(carrierId)));
          }),
        );
        const fresh = instant.map((text, at) => ({ ...text, end: ends[at] })).filter(({ stale }) => !stale);
        expect(ends.filter((_, at) => instant[at]?.stale && ends[at] === 'done')).to.deep.equal([]);
        for (const carrierId of new Set(fresh.map((text) => text.carrierId))) {
          const theirs = fresh.filter((text) => text.carrierId === carrierId).map(({ end }) => end);
          if (carrierId === null) expect(new Set(theirs)).to.deep.equal(new Set(['done']));
          else expect(theirs.filter((end) => end === 'done')).to.have.length(1);
          expect(theirs.filter((end) => end !== 'done' && end !== 'repeated')).to.deep.equal([]);
        }
        for (const [at, group] of groups.entries()) {
          const kept = fresh.filter((text) => text.group === at && text.end === 'done').length;
          const length = (before[at]?.length ?? 0) + kept;
          expect(await idsOf(group)).to.deep.equal(Array.from({ length }, (_, index) => index + 1));
        }
        const inbound = await rows(world.runtime.db, 'SELECT 1 FROM inbound_texts WHERE carrier_id LIKE ?', [
          `run-${run}-%`,
        ]);
        expect(inbound).to.have.length(
          fresh.filter(({ carrierId, end }) => carrierId !== null && end === 'done').length,
        );
      }),
      { numRuns: 25 },
    );
  });
});
