import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { row, rows, run } from '../../../db/connect.ts';
import { freePort } from '../../../dev/stack/port.ts';
import { perform } from '../../../engine/effects/perform.ts';
import { findMembership } from '../../../engine/groups/membership.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';
import type { Effect } from '../../../engine/rules/effects.ts';
import type { Membership } from '../../../engine/rules/types.ts';
import { changeGroup } from '../../../engine/usecases/change.ts';
import { receive } from '../../../engine/usecases/receive.ts';
import { send } from '../../../engine/usecases/submit.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openWorld, type World } from '../../support/world.ts';

let texts = 0;
function inbound(from: string, to: string, text: string) {
  return { carrierId: `text-${++texts}`, from, to, text, media: [], intent: null };
}

describe('what is accepted', () => {
  let world: World;

  before(async () => {
    world = await openWorld({ workers: false, env: { TRIAL_BALANCE: '100000' } });
  });
  after(() => world?.close());

  async function membershipOf({ number, phones }: TestGroup, name: string): Promise<Membership> {
    const membership = await findMembership(world.runtime, { phone: phones[name] ?? '', number });
    if (membership === null) throw new Error(`${name} is nobody here`);
    return membership;
  }

  function messagesOf({ id }: TestGroup): Promise<{ id: number; text: string; version: number }[]> {
    return rows(
      world.runtime.db,
      'SELECT message_id AS id, text, roster_version AS version FROM messages WHERE group_id = ? AND message_id IS NOT NULL ORDER BY message_id',
      [id],
    );
  }

  /** Everything that an act can leave behind. */
  async function traces(): Promise<unknown> {
    return row(
      world.runtime.db,
      `SELECT (SELECT COUNT(*) FROM inbound_texts) AS inbound, (SELECT COUNT(*) FROM messages) AS messages,
         (SELECT COUNT(*) FROM deliveries) AS deliveries, (SELECT COUNT(*) FROM membership_spans) AS spans,
         (SELECT SUM(last_message_id) FROM \`groups\`) AS ids, (SELECT SUM(roster_version) FROM \`groups\`) AS versions,
         (SELECT COUNT(*) FROM memberships WHERE left_at IS NOT NULL) AS gone, (SELECT COUNT(*) FROM hints) AS hints`,
    );
  }

  it('the same text twenty times in the same instant is one message', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { quiet: false });
    const text = inbound(group.phones.Bob ?? '', group.number, 'Only once');
    await Promise.all(Array.from({ length: 20 }, () => receive(world.runtime, text, world.runtime)));
    expect(await messagesOf(group)).to.have.length(1);
    await receive(world.runtime, text, world.runtime);
    expect(await messagesOf(group)).to.have.length(1);
  });

  it('fifty at once, by text and by call, while others come and go: ids from 1, no gaps, no two alike', async () => {
    const names = ['Alice', ...Array.from({ length: 55 }, (_, at) => `Member ${at}`)];
    const group = await startGroup(world, names, { name: 'Busy', quiet: false });
    const { version } = (await membershipOf(group, 'Alice')).roster.group;
    const phoneOf = (at: number) => group.phones[`Member ${at}`] ?? '';
    const speak = Array.from({ length: 50 }, async (_, at) => {
      if (at % 2 === 0) return world.text(phoneOf(at), group.number, `Text ${at}`);
      return send(world.runtime, { phone: phoneOf(at), number: group.number, text: `Call ${at}`, cc: false });
    });
    const move = [50, 51, 52, 53, 54].map(async (at) => {
      for (const word of ['*bye', '*hi', '*bye', '*hi'])
        expect(await world.text(phoneOf(at), group.number, word)).to.equal(200);
    });
    await Promise.all([...speak, ...move]);
    const messages = await messagesOf(group);
    expect(messages.map(({ id }) => id)).to.deep.equal(Array.from({ length: 50 }, (_, at) => at + 1));
    expect(new Set(messages.map(({ text }) => text)).size).to.equal(50);
    const versions = messages.map((message) => message.version);
    expect(versions, 'they only rise').to.deep.equal(versions.toSorted((a, b) => a - b));
    const left = await row<{ open: number; version: number }>(
      world.runtime.db,
      `SELECT (SELECT COUNT(*) FROM memberships WHERE group_id = g.id AND left_at IS NOT NULL) AS open, roster_version AS version FROM \`groups\` g WHERE id = ?`,
      [group.id],
    );
    expect(left).to.deep.include({ open: 0, version: version + 5 * 4 });
  });

  it('what was decided on a roster that has changed meanwhile is decided again', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { name: 'Stale', quiet: false });
    const { version } = (await membershipOf(group, 'Bob')).roster.group;
    const text = inbound(group.phones.Bob ?? '', group.number, 'Moving target');
    await receive(withMovingRoster(group, { changes: 2 }), text, world.runtime);
    expect(await messagesOf(group)).to.deep.equal([{ id: 1, text: 'Bob: Moving target', version: version + 2 }]);
  });

  it('a group that changes before each try keeps nobody for ever: they are told to try again', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { name: 'Moving', quiet: false });
    const moving = withMovingRoster(group, { changes: Number.POSITIVE_INFINITY });
    const membership = await membershipOf(group, 'Bob');
    const ends = await Promise.allSettled([
      receive(moving, inbound(membership.member.phone, group.number, 'Never'), world.runtime),
      send(moving, { phone: membership.member.phone, number: group.number, text: 'Never', cc: false }),
      changeGroup(moving, membership.member, () => [{ kind: 'leave' }]),
    ]);
    for (const end of ends) expect(end).to.have.nested.property('reason.token', 'UNAVAILABLE');
    expect(await messagesOf(group)).to.deep.equal([]);
  });

  /** As if somebody else changed the group each time that its roster has been read. */
  function withMovingRoster(group: TestGroup, { changes }: { changes: number }): Runtime {
    let left = changes;
    const rosters: Runtime['rosters'] = {
      ...world.runtime.rosters,
      async read(at) {
        const roster = await world.runtime.rosters.read(at);
        if (left-- > 0)
          await run(world.runtime.db, 'UPDATE `groups` SET roster_version = roster_version + 1 WHERE id = ?', [
            group.id,
          ]);
        return roster;
      },
    };
    return runtimeWith(world.runtime, { rosters });
  }

  for (const [what, effects] of [
    ['a message', [{ kind: 'say', text: 'x', media: [], toId: null, cc: false }]],
    ['leaving', [{ kind: 'leave' }, { kind: 'answer', text: 'You left' }]],
  ] as const) {
    it(`${what} on an old roster leaves no trace`, async () => {
      const group = await startGroup(world, ['Alice', 'Bob'], { name: `Old ${what}`, quiet: false });
      const { roster, member } = await membershipOf(group, 'Bob');
      await run(world.runtime.db, 'UPDATE `groups` SET roster_version = roster_version + 1 WHERE id = ?', [group.id]);
      const before = await traces();
      const by = { personId: member.personId, membershipId: member.id, numberId: member.numberId };
      const text = { carrierId: `old-${what}`, phone: member.phone };
      expect(
        await perform(world.runtime, {
          by,
          cause: { by: 'member', personId: by.personId },
          roster,
          effects,
          inbound: text,
          now: new Date(),
        }),
      ).to.equal('stale');
      expect(await traces()).to.deep.equal(before);
    });
  }

  it('when MySQL refuses half of it, nothing of it is left, and the text can come again', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { name: 'Half', quiet: false });
    const { roster, member } = await membershipOf(group, 'Bob');
    const by = { personId: member.personId, membershipId: member.id, numberId: member.numberId };
    const inboundText = { carrierId: 'half', phone: member.phone };
    const nobody = 999_999_999;
    const half: Effect[] = [
      { kind: 'hint', subject: 'half', text: 'A hint' },
      { kind: 'answer', text: 'An answer' },
      { kind: 'say', text: 'To nobody', media: [], toId: nobody, cc: false },
    ];
    const before = await traces();
    let refused: unknown;
    await perform(world.runtime, {
      by,
      cause: { by: 'member', personId: by.personId },
      roster,
      effects: half,
      inbound: inboundText,
      now: new Date(),
    }).catch((error) => {
      refused = error;
    });
    expect(refused).to.be.instanceOf(Error);
    expect(await traces()).to.deep.equal(before);
    const whole: Effect[] = [{ kind: 'say', text: 'To all', media: [], toId: null, cc: false }];
    expect(
      await perform(world.runtime, {
        by,
        cause: { by: 'member', personId: by.personId },
        roster,
        effects: whole,
        inbound: inboundText,
        now: new Date(),
      }),
    ).to.equal('done');
  });

  it('a message of a member who has left meanwhile is refused, and a text gets the hint how to come back', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { name: 'Gone', quiet: false });
    const phone = group.phones.Bob ?? '';
    await world.text(phone, group.number, '*bye');
    let refused: unknown;
    await send(world.runtime, { phone, number: group.number, text: 'Too late', cc: false }).catch((error) => {
      refused = error;
    });
    expect(refused).to.have.property('token', 'MEMBER_LOOKUP_FAILED');
    await world.text(group.phones.Bob ?? '', group.number, 'Hello?');
    expect(await messagesOf(group)).to.deep.equal([]);
    const [hint] = await rows<{ text: string }>(
      world.runtime.db,
      "SELECT text FROM messages WHERE kind = 'system' ORDER BY id DESC LIMIT 1",
    );
    expect(hint?.text).to.match(/\*hi/);
  });

  describe('of texts that are for nobody', () => {
    let group: TestGroup;
    before(async () => {
      group = await startGroup(world, ['Alice', 'Bob'], { name: 'Nobody', quiet: false });
    });

    for (const [what, from, to, text] of [
      ['from one of our own numbers', () => world.pool[3] ?? '', () => group.number, 'Loop'],
      ['from the service number', () => world.serviceNumber, () => group.number, 'Loop'],
      ['to a number that is not ours', () => group.phones.Bob ?? '', () => '+12015559999', 'Hello'],
      ['from a sender name', () => 'MYBANK', () => group.number, 'Your code is 1'],
      ['from a short code', () => '24273', () => group.number, 'STOP'],
      ['that are empty', () => group.phones.Bob ?? '', () => group.number, ''],
      ['of white space and invisible characters', () => group.phones.Bob ?? '', () => group.number, ' \u200b\n '],
    ] as const) {
      it(`${what}, nothing is kept that anybody gets`, async () => {
        const count = async () =>
          row(world.runtime.db, 'SELECT (SELECT COUNT(*) FROM messages) AS m, (SELECT COUNT(*) FROM people) AS p');
        const before = await count();
        await receive(world.runtime, inbound(from(), to(), text), world.runtime);
        expect(await count()).to.deep.equal(before);
      });
    }
  });
});

describe('who hears what', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world?.close());

  /** The names of those who got a text that ends so, and have it once. */
  function whoGot({ phones }: TestGroup, text: string): string[] {
    const to = world.simulator.accepted.filter((one) => one.text.endsWith(text)).map((one) => one.to);
    const names = Object.entries(phones).filter(([, phone]) => to.includes(phone));
    expect(to, 'once each').to.have.length(names.length);
    return names.map(([name]) => name);
  }

  it('in a reply-to-owner group a member is heard by the owner, the owner and a broadcast member by all', async () => {
    const group = await startGroup(world, ['Alice', 'Bob', 'Carol', 'Dave'], { name: 'News', replyToOwner: true });
    await run(world.runtime.db, "UPDATE memberships SET broadcast = 1 WHERE group_id = ? AND name = 'Carol'", [
      group.id,
    ]);
    await run(world.runtime.db, 'UPDATE `groups` SET roster_version = roster_version + 1 WHERE id = ?', [group.id]);
    for (const [name, text] of [
      ['Bob', 'A question'],
      ['Alice', 'An answer'],
      ['Carol', 'An addition'],
    ] as const)
      await world.text(group.phones[name] ?? '', group.number, text);
    await world.quiet();
    expect(whoGot(group, 'A question')).to.deep.equal(['Alice']);
    expect(whoGot(group, 'An answer')).to.deep.equal(['Bob', 'Carol', 'Dave']);
    expect(whoGot(group, 'An addition')).to.deep.equal(['Alice', 'Bob', 'Dave']);
  });

  it('with cc=1 the sender gets it too', async () => {
    const group = await startGroup(world, ['Alice', 'Bob'], { name: 'Copy' });
    const sid = await world.logIn(group.phones.Alice ?? '');
    for (const cc of [0, 1])
      await world.call('/message/send', { sid, number: group.number, message: `Copy ${cc}`, cc });
    await world.quiet();
    expect(whoGot(group, 'Copy 0')).to.deep.equal(['Bob']);
    expect(whoGot(group, 'Copy 1')).to.deep.equal(['Alice', 'Bob']);
  });

  it('with an account that is used up nothing is delivered, and each sender is told once a day', async () => {
    const group = await startGroup(world, ['Alice', 'Bob', 'Carol'], { name: 'Broke' });
    await run(
      world.runtime.db,
      'UPDATE accounts a JOIN people p ON p.id = a.person_id SET a.balance = 0 WHERE p.phone = ?',
      [group.phones.Alice ?? ''],
    );
    for (const text of ['One', 'Two', 'Three']) await world.text(group.phones.Bob ?? '', group.number, text);
    await world.text(group.phones.Carol ?? '', group.number, 'Four');
    await world.quiet();
    await world.text(group.phones.Bob ?? '', group.number, '*who');
    await world.quiet();
    expect(whoGot(group, "your text wasn't sent.")).to.deep.equal(['Bob', 'Carol']);
    expect(
      world.simulator.textsTo(group.phones.Alice ?? '').filter(({ text }) => /One|Two|Three|Four/.test(text)),
    ).to.deep.equal([]);
    expect(world.simulator.textsTo(group.phones.Bob ?? '').at(-1)?.text).to.match(/3 people/);
    await run(world.runtime.db, 'UPDATE hints SET day = day - INTERVAL 1 DAY');
    await world.text(group.phones.Carol ?? '', group.number, 'The next day');
    await world.quiet();
    expect(
      world.simulator.textsTo(group.phones.Carol ?? '').filter(({ text }) => /wasn't sent/.test(text)),
    ).to.have.length(2);
  });
});

describe('while Redis is unavailable', () => {
  let world: World;
  let redis: ChildProcess | undefined;
  let folder: string;
  let port: number;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'away-'));
    port = await freePort();
  });
  after(async () => {
    await world?.close();
    redis?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  async function startRedis(): Promise<void> {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of redis.stdout ?? []) if (/Ready to accept/.test(String(line))) return;
  }

  async function stopRedis(): Promise<void> {
    redis?.kill('SIGKILL');
    if (redis !== undefined) await once(redis, 'exit');
  }

  it('texts and groups are taken as ever, and everything goes out once when it is there', async () => {
    world = await openWorld({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    const group = await startGroup(world, ['Alice', 'Bob', 'Carol'], { quiet: false });
    expect(await world.text(group.phones.Bob ?? '', group.number, 'In the dark')).to.equal(200);
    expect(world.simulator.accepted).to.deep.equal([]);
    await startRedis();
    await expectOnce(group, 'Bob: In the dark', ['Alice', 'Carol']);
    expect(world.simulator.textsTo(group.phones.Carol ?? '').map(({ text }) => text.split(' ')[0])).to.have.members([
      'Group', // Texting, the brand that the welcome begins with
      'Bob:',
    ]);
  });

  it('the same when it becomes unavailable in the middle and comes back empty', async () => {
    const group = await startGroup(world, ['Dora', 'Emil', 'Fred'], { name: 'Later' });
    await stopRedis();
    for (const text of ['One', 'Two'])
      expect(await world.text(group.phones.Emil ?? '', group.number, text)).to.equal(200);
    await startRedis();
    for (const text of ['Emil: One', 'Emil: Two']) await expectOnce(group, text, ['Dora', 'Fred']);
    await world.text(group.phones.Emil ?? '', group.number, 'Three');
    await expectOnce(group, 'Emil: Three', ['Dora', 'Fred']);
  });

  async function expectOnce({ phones }: TestGroup, text: string, names: readonly string[]): Promise<void> {
    const got = () => world.simulator.accepted.filter((one) => one.text === text).map(({ to }) => to);
    await until(`${text} is there`, async () => got().length >= names.length);
    await world.quiet();
    expect(got().sort()).to.deep.equal(names.map((name) => phones[name]).sort());
  }
});
