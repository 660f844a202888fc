import { expect } from 'chai';
import { row, rows, run } from '../../../db/connect.ts';
import { readyOrdered, withNumbers } from '../../../engine/groups/buying.ts';
import { countNumberLoads, OutOfNumbers } from '../../../engine/groups/numbers.ts';
import { openLogger } from '../../../engine/platform/logger.ts';
import { maskPhone } from '../../../engine/rules/phone.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { openSid } from '../../support/session.ts';
import { type Answer, openWorld, type World, type WorldOptions } from '../../support/world.ts';

const SEVERAL = 20;
const poolOf = (size: number) => Array.from({ length: size }, (_, at) => `+1201555${2001 + at}`);
const phoneOf = (at: number, area = '444') => `+1${area}556${String(1000 + at)}`;
const times = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));
const outcome = (answers: readonly Answer[]) => {
  const tally: Record<string, number> = {};
  for (const { body } of answers) {
    const what = String(body.error_type ?? body.status);
    tally[what] = (tally[what] ?? 0) + 1;
  }
  return tally;
};

/** A group of two is staged, and turned on by /group/set: the answer to that. */
async function turnOn(world: World, creator: string, member: string): Promise<Answer> {
  const fields = { group: 'Many', name: 'Eve', number: creator, name_0: 'Cid', number_0: member };
  const created = await world.call('/group/create', fields);
  if (created.body.status !== 'OK') return created;
  const sid = await openSid(world, creator);
  return world.call('/group/set', { sid, number: created.body.number });
}

describe('the number pool', () => {
  let world: World;
  let groups: TestGroup[];
  let sids: string[];
  before(async () => {
    world = await openWorld({
      workers: false,
      env: { NUMBER_POOL: poolOf(22).join(','), MAX_PENDING_GROUPS: '100', CONSENT: 'open' },
    });
    groups = [];
    for (let at = 0; at < SEVERAL; at++) groups.push(await startGroup(world, ['Ann', 'Bob'], { quiet: false }));
    sids = await Promise.all(groups.map(({ phones }) => openSid(world, phones.Ann ?? '')));
    await Promise.all(
      groups.map(({ number }, at) => world.call('/group/set', { sid: sids[at], number, invite_code: `code-${at}` })),
    );
  });
  after(() => world.close());

  /** The numbers of a phone's living memberships. */
  const numbersOf = async (phone: string) =>
    (
      await rows<{ number: string }>(
        world.runtime.db,
        'SELECT n.phone AS number FROM memberships m JOIN people p ON p.id = m.person_id JOIN numbers n ON n.id = m.number_id WHERE p.phone = ? AND m.live = 1',
        [phone],
      )
    ).map(({ number }) => number);
  const add = (at: number, number: string, name = 'Cid') =>
    world.call('/member/add', { sid: sids[at], group: groups[at]?.number, name, number });

  const sameInstant: [string, string, (at: number, phone: string) => Promise<Answer>][] = [
    ['turned on with', '445', (at, phone) => turnOn(world, phoneOf(at, '446'), phone)],
    ['added to', '447', (at, phone) => add(at, phone)],
    [
      'joined by',
      '448',
      (at, phone) => world.call('/group/join', { invite_code: `code-${at}`, name: 'Cy', number: phone }),
    ],
  ];
  for (const [how, area, make] of sameInstant) {
    it(`never hands out a pair twice when ${SEVERAL} groups are ${how} one phone in the same instant`, async () => {
      const phone = phoneOf(0, area);
      const answers = await Promise.all(times(SEVERAL, (at) => make(at, phone)));
      expect(outcome(answers)).to.deep.equal({ OK: SEVERAL });
      const numbers = await numbersOf(phone);
      expect(numbers).to.have.length(SEVERAL);
      expect(new Set(numbers).size).to.equal(SEVERAL);
    });
  }

  it(`puts ${SEVERAL} phones into one group in the same instant`, async () => {
    const answers = await Promise.all(
      times(SEVERAL, (at) =>
        world.call('/group/join', { invite_code: 'code-0', name: `J${at}`, number: phoneOf(at, '449') }),
      ),
    );
    expect(outcome(answers)).to.deep.equal({ OK: SEVERAL });
  });

  it('gives what there is, and 503 to the others, who leave nothing behind', async () => {
    const phone = phoneOf(0, '450');
    await run(world.runtime.db, "UPDATE numbers SET retired_at = NOW(3) WHERE kind = 'pool' ORDER BY id DESC LIMIT 15");
    try {
      const before = await count();
      const answers = await Promise.all(times(SEVERAL, (at) => add(at, phone, 'Dan')));
      expect(outcome(answers)).to.deep.equal({ OK: 7, UNAVAILABLE: SEVERAL - 7 });
      expect(new Set(await numbersOf(phone)).size).to.equal(7);
      for (const { http, headers, body } of answers.filter(({ body }) => body.status === 'ERROR')) {
        expect([http, body.error_subtype]).to.deep.equal([503, 'number']);
        expect(Number(headers.get('retry-after'))).to.be.greaterThan(0);
      }
      const after = await count();
      expect(after).to.deep.equal({
        ...before,
        members: before.members + 7,
        messages: before.messages + 7,
        people: before.people + 1,
      });
      const create = await world.call('/group/create', {
        ...{ group: 'More', name: 'Dan', number: phone, name_0: 'Eve', number_0: '+14445569999' },
      });
      expect(create.http).to.equal(503);
      expect(await count()).to.deep.equal(after);
    } finally {
      await run(world.runtime.db, 'UPDATE numbers SET retired_at = NULL');
    }
  });

  const count = async () => {
    const found = await row<{ people: number; groups: number; members: number; messages: number }>(
      world.runtime.db,
      `SELECT (SELECT COUNT(*) FROM people) AS people, (SELECT COUNT(*) FROM \`groups\`) AS \`groups\`,
         (SELECT COUNT(*) FROM memberships) AS members, (SELECT COUNT(*) FROM messages) AS messages`,
    );
    return found ?? { people: 0, groups: 0, members: 0, messages: 0 };
  };
});

describe('a staged group', () => {
  let world: World;
  const [ann, bob] = ['+14445550001', '+14445550002'];
  before(async () => {
    world = await openWorld({ env: { NUMBER_POOL: poolOf(2).join(',') } });
  });
  after(() => world.close());

  const known = async (phone: string) =>
    (await rows(world.runtime.db, 'SELECT id FROM people WHERE phone = ?', [phone])).length > 0;

  it('gives no number to those whom it names, and does not know them: ten anonymous calls take nothing from anybody', async () => {
    for (let at = 0; at < 10; at++) {
      const { body } = await world.call('/group/create', {
        ...{ group: 'Many', name: 'Eve', number: phoneOf(at, '446'), name_0: 'Bob', number_0: bob },
      });
      expect(body.status).to.equal('OK');
    }
    expect(await known(bob)).to.equal(false);
    const group = await startGroup(world, ['Ann', 'Bob'], { phones: { Ann: ann, Bob: bob } });
    expect(world.simulator.textsTo(bob).map(({ from }) => from)).to.deep.equal([group.number]);
  });

  it('stays staged where no number is free for one of its people, and its creator is told', async () => {
    const [eve, other] = [phoneOf(20, '446'), phoneOf(21, '446')];
    expect((await turnOn(world, other, bob)).body.status).to.equal('OK');
    const { body } = await world.call('/group/create', {
      ...{
        group: 'Third',
        name: 'Eve',
        number: eve,
        name_0: 'Bob',
        number_0: bob,
        name_1: 'Cy',
        number_1: '+14445550003',
      },
    });
    const number = String(body.number);
    await world.quiet();
    expect(await world.text(eve, number, 'YES')).to.equal(200);
    await world.quiet();
    expect(world.simulator.textsTo(eve).at(-1)?.text).to.equal(
      '"Third" isn\'t on yet: we have no free number for one of its people. Please reply YES again later.',
    );
    const sid = await openSid(world, eve);
    const refused = await world.call('/group/set', { sid, number });
    expect([refused.http, refused.body.error_type, refused.body.error_subtype]).to.deep.equal([
      503,
      'UNAVAILABLE',
      'number',
    ]);
    expect(await known('+14445550003')).to.equal(false);
    await run(
      world.runtime.db,
      'UPDATE memberships m JOIN people p ON p.id = m.person_id SET m.live = NULL, m.ended_at = NOW(3) WHERE p.phone = ?',
      [bob],
    );
    expect(await world.text(eve, number, 'YES')).to.equal(200);
    await world.quiet();
    expect(world.simulator.textsTo(eve).at(-1)?.text).to.match(/^"Third" is on!/);
    expect(world.simulator.textsTo('+14445550003')).to.have.length(1);
  });

  it('makes nobody a member of it who is a number of ours by then', async () => {
    const [eve, cid] = [phoneOf(30, '446'), '+14445550009'];
    const { body } = await world.call('/group/create', {
      ...{ group: 'Fourth', name: 'Eve', number: eve, name_0: 'Cid', number_0: cid },
    });
    await run(
      world.runtime.db,
      "INSERT INTO numbers (phone, kind, carrier, created_at) VALUES (?, 'ordered', 'plivo', NOW(3))",
      [cid],
    );
    await world.quiet();
    expect(await world.text(eve, String(body.number), 'YES')).to.equal(200);
    await world.quiet();
    expect(world.simulator.textsTo(eve).at(-1)?.text).to.match(/^"Fourth" is on!/);
    expect(world.simulator.textsTo(cid)).to.deep.equal([]);
  });
});

describe('a staged group whose time is over while no clock runs', () => {
  let world: World;
  const [ann, bob] = ['+14445550001', '+14445550002'];
  before(async () => {
    world = await openWorld({ env: { NUMBER_POOL: poolOf(1).join(',') } });
  });
  after(() => world.close());

  it('is turned on neither by a text nor by a call, and has no number', async () => {
    const create = async () =>
      (await world.call('/group/create', { group: 'Late', name: 'Ann', number: ann, name_0: 'Bob', number_0: bob }))
        .body;
    const number = String((await create()).number);
    await world.quiet();
    await run(world.runtime.db, 'UPDATE `groups` SET created_at = created_at - INTERVAL 73 HOUR');
    const sid = await openSid(world, ann);
    expect((await world.call('/group/set', { sid, number })).body.error_type).to.equal('MEMBER_LOOKUP_FAILED');
    expect(await world.text(ann, number, 'YES')).to.equal(200);
    await world.quiet();
    expect(world.simulator.textsTo(ann).at(-1)?.text).to.match(/^You're not in a group at this number/);
    expect(world.simulator.textsTo(bob)).to.deep.equal([]);
    expect(await create()).to.include({ status: 'OK', number });
    expect(await world.text(ann, number, 'YES')).to.equal(200);
    await world.quiet();
    expect(world.simulator.textsTo(bob)).to.have.length(1);
  });
});

describe('a pool that is used up, with AUTO_BUY_NUMBERS', () => {
  let world: World;
  const bob = '+14445550001';
  before(async () => {
    const env = {
      NUMBER_POOL: '+12015552001',
      AUTO_BUY_NUMBERS: '1',
      PLIVO_APP_ID: 'app-7',
      MAX_PENDING_GROUPS: '100',
    };
    world = await openWorld({ workers: false, env });
  });
  after(() => world.close());

  const make = (at: number, member = bob) => turnOn(world, phoneOf(at), member);
  beforeEach(() => run(world.runtime.db, 'UPDATE numbers SET retired_at = NULL'));
  const usedUp = () => run(world.runtime.db, "UPDATE numbers SET retired_at = NOW(3) WHERE kind = 'pool'");

  it('buys a number at the carrier, attached to our application, when a group is turned on, and goes on', async () => {
    expect((await make(1)).body.status).to.equal('OK');
    expect(world.simulator.bought).to.deep.equal([]);
    expect((await make(2)).body.status).to.equal('OK');
    expect(world.simulator.bought.map(({ appId }) => appId)).to.deep.equal(['app-7']);
    const [{ number } = { number: '' }] = world.simulator.bought;
    const served = await rows<{ number: string }>(
      world.runtime.db,
      'SELECT n.phone AS number FROM memberships m JOIN people p ON p.id = m.person_id JOIN numbers n ON n.id = m.number_id WHERE p.phone = ? ORDER BY m.id DESC LIMIT 1',
      [bob],
    );
    expect(served).to.deep.equal([{ number }]);
    expect((await make(3, '+14445550002')).body.status).to.equal('OK');
    expect(world.simulator.bought).to.have.length(1);
  });

  it('buys nothing for a group that is only created, or for who joins', async () => {
    const before = world.simulator.bought.length;
    const again = { group: 'Many', name: 'Eve', number: phoneOf(1), name_0: 'Cid', number_0: '+14445550009' };
    expect((await world.call('/group/create', again)).body.status).to.equal('OK');
    const { http, body } = await world.call('/group/create', again);
    expect([http, body.error_subtype]).to.deep.equal([503, 'number']);
    const group = await startGroup(world, ['Eve', 'Fay'], { quiet: false });
    const sid = await openSid(world, group.phones.Eve ?? '');
    await world.call('/group/set', { sid, number: group.number, invite_code: 'many' });
    await usedUp();
    const joining = '+14445550202';
    const own = { sid: await openSid(world, joining), number: joining };
    const joined = await world.call('/group/join', { invite_code: 'many', name: 'Hal', ...own });
    expect([joined.http, joined.body.error_subtype]).to.deep.equal([503, 'number']);
    expect(world.simulator.bought.length).to.equal(before);
  });

  it('buys one number, not five, for five who lack one in the same instant', async () => {
    const staged = await Promise.all(
      times(5, async (at) => {
        const creator = `+1444555010${at}`;
        const input = { group: 'Many', name: 'Eve', number: creator, name_0: 'Cid', number_0: phoneOf(10 + at) };
        const { body } = await world.call('/group/create', input);
        return { sid: await openSid(world, creator), number: body.number };
      }),
    );
    await usedUp();
    const before = world.simulator.bought.length;
    const answers = await Promise.all(staged.map((one) => world.call('/group/set', one)));
    expect(outcome(answers)).to.deep.equal({ OK: 5 });
    expect(world.simulator.bought.length - before).to.equal(1);
  });

  it('buys for somebody who is added as well', async () => {
    const group = await startGroup(world, ['Eve', 'Fay'], { quiet: false });
    const sid = await openSid(world, group.phones.Eve ?? '');
    await usedUp();
    const before = world.simulator.bought.length;
    const added = await world.call('/member/add', { sid, group: group.number, name: 'Gil', number: '+14445550201' });
    expect(added.body).to.deep.equal({ status: 'OK' });
    expect(world.simulator.bought.length - before).to.equal(1);
  });

  it('answers 503 and adds nobody where the carrier sells none', async () => {
    const { runtime } = world;
    const { numbers } = runtime.carriers;
    const { buy } = numbers;
    const group = await startGroup(world, ['Eve', 'Fay'], { quiet: false });
    const sid = await openSid(world, group.phones.Eve ?? '');
    numbers.buy = () => Promise.reject(new Error('no credit'));
    try {
      await usedUp();
      const members = () => row(runtime.db, 'SELECT COUNT(*) AS count FROM memberships');
      const before = await members();
      const add = { sid, group: group.number, name: 'Gil', number: '+14445550301' };
      const { http, body } = await world.call('/member/add', add);
      expect([http, body.error_type, body.error_subtype]).to.deep.equal([503, 'UNAVAILABLE', 'number']);
      expect(await members()).to.deep.equal(before);
    } finally {
      numbers.buy = buy;
    }
  });
});

describe('buying numbers', () => {
  let world: World;
  afterEach(() => world.close());

  const bob = '+14445550001';
  const open = async (env: Record<string, string>, simulator: WorldOptions['simulator'] = {}) => {
    const settings = { NUMBER_POOL: '+12015552001', AUTO_BUY_NUMBERS: '1', ...env };
    world = await openWorld({ workers: false, env: settings, simulator });
  };
  /** One more group with Bob in it: he needs another number for each. */
  const make = async (at: number) => {
    const { body } = await turnOn(world, phoneOf(at), bob);
    return String(body.error_type ?? body.status);
  };
  const ordered = () => rows<{ phone: string }>(world.runtime.db, "SELECT phone FROM numbers WHERE kind = 'ordered'");
  const isServed = async (number: string) => {
    const found = await rows(
      world.runtime.db,
      'SELECT m.id FROM memberships m JOIN people p ON p.id = m.person_id JOIN numbers n ON n.id = m.number_id WHERE p.phone = ? AND n.phone = ?',
      [bob, number],
    );
    return found.length > 0;
  };

  it('stops at AUTO_BUY_PER_DAY', async () => {
    await open({ AUTO_BUY_PER_DAY: '2' });
    expect([await make(1), await make(2), await make(3), await make(4)]).to.deep.equal([
      'OK',
      'OK',
      'OK',
      'UNAVAILABLE',
    ]);
    expect(world.simulator.bought).to.have.length(2);
    await run(world.runtime.db, 'UPDATE numbers SET ordered_at = NOW(3) - INTERVAL 25 HOUR');
    expect(await make(5)).to.equal('OK');
  });

  it('stops at AUTO_BUY_POOL', async () => {
    await open({ AUTO_BUY_POOL: '2' });
    expect([await make(1), await make(2), await make(3)]).to.deep.equal(['OK', 'OK', 'UNAVAILABLE']);
    expect(world.simulator.bought).to.have.length(1);
  });

  it('remembers an order that is pending, buys no second one meanwhile, and knows its texts', async () => {
    await open({}, { buying: 'order_pending' });
    expect([await make(1), await make(2), await make(3)]).to.deep.equal(['OK', 'UNAVAILABLE', 'UNAVAILABLE']);
    const [{ number } = { number: '' }] = world.simulator.bought;
    expect(world.simulator.bought).to.have.length(1);
    expect(await ordered()).to.deep.equal([{ phone: number }]);
    expect(await world.text(bob, number, 'Hello?')).to.equal(200);
    const kept = await rows(world.runtime.db, 'SELECT carrier_id FROM inbound_texts WHERE phone = ?', [bob]);
    expect(kept).to.have.length(1);
    world.simulator.activateNumber(number);
    expect(await readyOrdered(world.runtime)).to.equal(1);
    expect(await make(4)).to.equal('OK');
    expect(await isServed(number)).to.equal(true);
    expect(world.simulator.bought).to.have.length(1);
  });

  it('names a number that was bought by its ends in the log', async () => {
    await open({});
    const lines: string[] = [];
    const log = openLogger({ level: 'warn', process: 'test' }, { write: (line) => void lines.push(line) });
    const lack = new OutOfNumbers({ poolSize: 1, mayBuy: true });
    let tries = 0;
    const work = async () => (++tries === 1 ? Promise.reject(lack) : tries);
    expect(await withNumbers(runtimeWith(world.runtime, { log }), work)).to.equal(2);
    const [{ number } = { number: '' }] = world.simulator.bought;
    expect(JSON.parse(lines.join(''))).to.include({ msg: 'a number was bought', bought: maskPhone(number) });
  });

  it('links a bought number to the campaign, and hands it out when it is linked', async () => {
    await open({ PLIVO_CAMPAIGN_ID: 'CGROUPS' }, { linkMs: 100_000 });
    expect([await make(1), await make(2)]).to.deep.equal(['OK', 'UNAVAILABLE']);
    const [{ number } = { number: '' }] = world.simulator.bought;
    await until('the carrier has linked it', () => readyOrdered(world.runtime).then((ready) => ready === 1));
    expect(await make(3)).to.equal('OK');
    expect(await isServed(number)).to.equal(true);
    expect(world.simulator.bought).to.have.length(1);
  });
});

describe('a pair of phone and number', () => {
  let world: World;
  const pool = poolOf(3);
  const ann = '+14445550001';
  const cid = '+14445550003';
  before(async () => {
    world = await openWorld({ workers: false, env: { NUMBER_POOL: pool.join(','), PAIR_REST_DAYS: '2' } });
  });
  after(() => world.close());

  const start = () => startGroup(world, ['Ann', 'Bob'], { phones: { Ann: ann }, quiet: false });
  const numberOf = async (group: TestGroup, phone: string) =>
    (
      await row<{ number: string }>(
        world.runtime.db,
        'SELECT n.phone AS number FROM memberships m JOIN people p ON p.id = m.person_id JOIN numbers n ON n.id = m.number_id WHERE p.phone = ? AND m.group_id = ? AND m.live = 1',
        [phone, group.id],
      )
    )?.number;
  const call = async (path: string, group: TestGroup, number: string) => {
    const sid = await openSid(world, ann);
    const { body } = await world.call(path, { sid, group: group.number, name: 'Cid', number });
    expect(body.status, JSON.stringify(body)).to.equal('OK');
  };

  it('is the group’s main number where the member has no other group there, else another', async () => {
    const [one, two] = [await start(), await start()];
    expect(two.number).not.to.equal(one.number);
    await call('/member/add', one, cid);
    expect(await numberOf(one, cid)).to.equal(one.number);
    // Cid is in another group through the second one's main number: they reach it by the third.
    const other = await startGroup(world, ['Dee', 'Cid'], { phones: { Cid: cid }, quiet: false });
    await run(
      world.runtime.db,
      'UPDATE memberships m JOIN numbers n ON n.phone = ? SET m.number_id = n.id WHERE m.group_id = ? AND m.live = 1',
      [two.number, other.id],
    );
    await call('/member/add', two, cid);
    const third = await numberOf(two, cid);
    expect(pool.filter((number) => number !== one.number && number !== two.number)).to.deep.equal([third]);
    const { body } = await world.call('/member/groups', { sid: await openSid(world, cid) });
    const numbers = (body.groups as { number: string }[]).map(({ number }) => number);
    expect(numbers).to.have.members(pool);
    for (const group of [one, two]) await call('/member/remove', group, cid);
    await world.call('/group/delete', { sid: await openSid(world, other.phones.Dee ?? ''), number: two.number });
  });

  it('has the number with the least load, at create and where the main number is taken', async () => {
    const loads = async () => {
      const found = await rows<{ number: string; carries: number }>(
        world.runtime.db,
        "SELECT n.phone AS number, COUNT(m.id) AS carries FROM numbers n LEFT JOIN memberships m ON m.number_id = n.id AND m.live = 1 WHERE n.kind = 'pool' GROUP BY n.id ORDER BY carries, n.id",
      );
      return found.map(({ number }) => number);
    };
    const strangers = (names: string[]) => startGroup(world, names, { areaCode: '449', quiet: false });
    for (const names of [
      ['Ida', 'Jo'],
      ['Ida', 'Jo', 'Kim'],
      ['Ida', 'Jo', 'Kim', 'Lea'],
    ]) {
      const [least] = await loads();
      expect((await strangers(names)).number).to.equal(least);
    }
    const first = await strangers(['Max', 'Ned']);
    const [next] = (await loads()).filter((number) => number !== first.number);
    const second = await startGroup(world, ['Pat', 'Ned'], {
      areaCode: '449',
      phones: { Ned: first.phones.Ned ?? '' },
      quiet: false,
    });
    await run(world.runtime.db, 'UPDATE `groups` SET number_id = ? WHERE id = ?', [first.numberId, second.id]);
    expect(await numberOf(second, first.phones.Ned ?? '')).to.equal(next);
  });

  it('goes by the last count where there are many, which the clock makes anew each minute', async () => {
    const { db } = world.runtime;
    const kept = () =>
      rows<{ number: string; carries: number }>(
        db,
        "SELECT phone AS number, carries FROM numbers WHERE kind = 'pool' ORDER BY id",
      );
    const now = new Date();
    expect(await countNumberLoads(world.runtime, now)).to.equal(pool.length);
    expect(await countNumberLoads(world.runtime, new Date(now.getTime() + 59_000))).to.equal(0);
    const counted = await rows(
      db,
      "SELECT n.phone AS number, COUNT(m.id) AS carries FROM numbers n LEFT JOIN memberships m ON m.number_id = n.id AND m.live = 1 WHERE n.kind = 'pool' GROUP BY n.id ORDER BY n.id",
    );
    expect(await kept()).to.deep.equal(counted);
    for (const least of pool) {
      await run(db, 'UPDATE numbers SET carries = IF(phone = ?, 900000, 1000000)', [least]);
      expect((await startGroup(world, ['Ida', 'Jo'], { areaCode: '448', quiet: false })).number).to.equal(least);
    }
    await countNumberLoads(world.runtime, new Date(now.getTime() + 61_000));
    expect((await kept()).every(({ carries }) => carries < 1000)).to.equal(true);
  });

  it('rests after it was freed, but not for the same group, and not where nothing else is free', async () => {
    const dan = '+14445550004';
    const one = await start();
    await call('/member/add', one, dan);
    const first = await numberOf(one, dan);
    expect(first).to.equal(one.number);
    await call('/member/remove', one, dan);
    await call('/member/add', one, dan);
    expect(await numberOf(one, dan)).to.equal(first);
    await call('/member/remove', one, dan);

    const again = await startGroup(world, ['Fay', 'Gil'], { quiet: false });
    await run(world.runtime.db, 'UPDATE `groups` SET number_id = ? WHERE id = ?', [one.numberId, again.id]);
    await run(world.runtime.db, 'UPDATE memberships SET number_id = ? WHERE group_id = ?', [one.numberId, again.id]);
    await run(world.runtime.db, 'UPDATE `groups` SET roster_version = roster_version + 1 WHERE id = ?', [again.id]);
    const sid = await openSid(world, again.phones.Fay ?? '');
    const addDan = async () => {
      await world.call('/member/add', { sid, group: one.number, name: 'Dan', number: dan });
      const given = await numberOf(again, dan);
      await world.call('/member/remove', { sid, group: one.number, number: dan });
      return given;
    };
    const since = (days: number) =>
      run(world.runtime.db, 'UPDATE memberships SET ended_at = NOW(3) - INTERVAL ? HOUR WHERE live IS NULL', [
        days * 24,
      ]);
    expect(await addDan()).not.to.equal(first);
    await since(2.1);
    expect(await addDan()).to.equal(first);
    await run(world.runtime.db, 'UPDATE numbers SET retired_at = NOW(3) WHERE phone <> ?', [first ?? '']);
    await since(0.5);
    await run(world.runtime.db, 'UPDATE memberships SET ended_at = NOW(3) - INTERVAL 9 DAY WHERE group_id = ?', [
      again.id,
    ]);
    expect(await addDan()).to.equal(first);
  });

  it('of a member who has left is given away after its rest, where nothing else is free; an owner’s is not', async () => {
    const { db } = world.runtime;
    await run(db, 'UPDATE numbers SET retired_at = NOW(3) WHERE phone <> ?', [pool[0] ?? '']);
    await run(db, 'UPDATE numbers SET retired_at = NULL WHERE phone = ?', [pool[0] ?? '']);
    const people = { areaCode: '447', quiet: false };
    const one = await startGroup(world, ['Una', 'Vic', 'Yan'], people);
    const { Una: una = '', Vic: vic = '', Yan: yan = '' } = one.phones;
    const two = await startGroup(world, ['Wes', 'Xia'], people);
    const wes = await openSid(world, two.phones.Wes ?? '');
    const add = async (name: string, number: string) =>
      String((await world.call('/member/add', { sid: wes, group: two.number, name, number })).body.error_type ?? 'OK');
    for (const phone of [una, vic])
      await world.call('/member/bye', { sid: await openSid(world, phone), group: one.number });
    expect([await add('Una', una), await add('Vic', vic)]).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
    await run(db, 'UPDATE memberships SET left_at = left_at - INTERVAL 49 HOUR WHERE left_at IS NOT NULL');
    const heard = async (phone: string, cursor?: unknown) =>
      (
        await world.call('/v1/events', {
          sid: await openSid(world, phone),
          ...(cursor === undefined ? {} : { cursor }),
        })
      ).body as { cursor: string; events: { type: string; member?: { name: string }; group: string }[] };
    const before = new Map<string, unknown>();
    for (const phone of [una, vic, yan]) before.set(phone, (await heard(phone)).cursor);
    expect([await add('Una', una), await add('Vic', vic)]).to.deep.equal(['UNAVAILABLE', 'OK']);
    const told = async (phone: string) =>
      (await heard(phone, before.get(phone))).events.map(({ type, member }) => `${type} ${member?.name ?? ''}`.trim());
    expect(await told(yan)).to.deep.equal(['member.removed Vic']);
    expect(await told(vic)).to.include('group.gone');
    // Who has left is told of the others no more, though it is their group.
    expect(await told(una)).to.deep.equal([]);
    expect([await numberOf(one, una), await numberOf(one, vic)]).to.deep.equal([pool[0], undefined]);
    const { body } = await world.call('/member/groups', { sid: await openSid(world, una) });
    const listed = (body.groups as { members: { number: string }[] }[]).map(({ members }) => members);
    expect(listed.map((members) => members.map(({ number }) => number))).to.deep.equal([[una, yan]]);
  });
});
