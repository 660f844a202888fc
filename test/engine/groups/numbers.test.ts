import { expect } from 'chai';
import { row, rows, run } from '../../../db/connect.ts';
import { readyOrdered } from '../../../engine/groups/buying.ts';
import { countNumberLoads } from '../../../engine/groups/numbers.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { until } from '../../support/rows.ts';
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

describe('the number pool', () => {
  let world: World;
  let groups: TestGroup[];
  let sids: string[];
  before(async () => {
    world = await openWorld({ workers: false, env: { NUMBER_POOL: poolOf(22).join(','), MAX_PENDING_GROUPS: '100' } });
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
    [
      'created with',
      '445',
      (at, phone) =>
        world.call('/group/create', {
          ...{ group: 'Many', name: 'Eve', number: phoneOf(at, '446'), name_0: 'Cid', number_0: phone },
        }),
    ],
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

describe('a pool that is used up, with AUTO_BUY_NUMBERS', () => {
  let world: World;
  const ann = '+14445550001';
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

  const create = (at: number, number = ann) =>
    world.call('/group/create', { group: 'Many', name: 'Ann', number, name_0: 'Bob', number_0: phoneOf(at) });

  it('buys a number at the carrier, attached to our application, and goes on', async () => {
    expect((await create(1)).body).to.include({ status: 'OK', number: '+12015552001' });
    expect(world.simulator.bought).to.deep.equal([]);
    const { body } = await create(2);
    expect(body.status).to.equal('OK');
    expect(world.simulator.bought).to.deep.equal([{ number: body.number, appId: 'app-7' }]);
    expect((await create(3, '+14445550002')).body.status).to.equal('OK');
    expect(world.simulator.bought).to.have.length(1);
  });

  it('buys one number, not five, for five who lack one in the same instant', async () => {
    await run(world.runtime.db, "UPDATE numbers SET retired_at = NOW(3) WHERE kind = 'pool'");
    const before = world.simulator.bought.length;
    const answers = await Promise.all(times(5, (at) => create(10 + at, `+1444555010${at}`)));
    expect(outcome(answers)).to.deep.equal({ OK: 5 });
    expect(world.simulator.bought.length - before).to.equal(1);
  });

  it('buys for somebody who is added or joins as well', async () => {
    const group = await startGroup(world, ['Eve', 'Fay'], { quiet: false });
    const sid = await openSid(world, group.phones.Eve ?? '');
    await world.call('/group/set', { sid, number: group.number, invite_code: 'many' });
    await run(world.runtime.db, "UPDATE numbers SET retired_at = NOW(3) WHERE kind = 'pool'");
    const before = world.simulator.bought.length;
    const added = await world.call('/member/add', { sid, group: group.number, name: 'Gil', number: '+14445550201' });
    expect(added.body).to.deep.equal({ status: 'OK' });
    await run(world.runtime.db, "UPDATE numbers SET retired_at = NOW(3) WHERE kind = 'pool'");
    const joined = await world.call('/group/join', { invite_code: 'many', name: 'Hal', number: '+14445550202' });
    expect(joined.body.status).to.equal('OK');
    expect(world.simulator.bought.length - before).to.equal(2);
  });

  it('answers 503 and creates nothing where the carrier sells none', async () => {
    const { runtime } = world;
    const { numbers } = runtime.carriers;
    const { buy } = numbers;
    numbers.buy = () => Promise.reject(new Error('no credit'));
    try {
      await run(runtime.db, "UPDATE numbers SET retired_at = NOW(3) WHERE kind = 'pool'");
      const groups = () => row(runtime.db, 'SELECT COUNT(*) AS count FROM `groups`');
      const before = await groups();
      const { http, body } = await create(9, '+14445550301');
      expect([http, body.error_type, body.error_subtype]).to.deep.equal([503, 'UNAVAILABLE', 'number']);
      expect(await groups()).to.deep.equal(before);
    } finally {
      numbers.buy = buy;
    }
  });
});

describe('buying numbers', () => {
  let world: World;
  afterEach(() => world.close());

  const open = async (env: Record<string, string>, simulator: WorldOptions['simulator'] = {}) => {
    const settings = { NUMBER_POOL: '+12015552001', AUTO_BUY_NUMBERS: '1', MAX_PENDING_GROUPS: '100', ...env };
    world = await openWorld({ workers: false, env: settings, simulator });
  };
  const create = async (at: number) => {
    const { body } = await world.call('/group/create', {
      ...{ group: 'Many', name: 'Ann', number: '+14445550001', name_0: 'Bob', number_0: phoneOf(at) },
    });
    return body.status === 'OK' ? String(body.number) : String(body.error_type);
  };
  const ordered = () => rows<{ phone: string }>(world.runtime.db, "SELECT phone FROM numbers WHERE kind = 'ordered'");

  it('stops at AUTO_BUY_PER_DAY', async () => {
    await open({ AUTO_BUY_PER_DAY: '2' });
    const made = [await create(1), await create(2), await create(3), await create(4)];
    expect(made.map((one) => one.startsWith('+'))).to.deep.equal([true, true, true, false]);
    expect(made[3]).to.equal('UNAVAILABLE');
    expect(world.simulator.bought).to.have.length(2);
    await run(world.runtime.db, 'UPDATE numbers SET ordered_at = NOW(3) - INTERVAL 25 HOUR');
    expect(await create(5)).to.match(/^\+/);
  });

  it('stops at AUTO_BUY_POOL', async () => {
    await open({ AUTO_BUY_POOL: '2' });
    expect(await create(1)).to.match(/^\+/);
    expect(await create(2)).to.match(/^\+/);
    expect(await create(3)).to.equal('UNAVAILABLE');
    expect(world.simulator.bought).to.have.length(1);
  });

  it('remembers an order that is pending, buys no second one meanwhile, and knows its texts', async () => {
    await open({}, { buying: 'order_pending' });
    expect(await create(1)).to.match(/^\+/);
    expect([await create(2), await create(3)]).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
    const [{ number } = { number: '' }] = world.simulator.bought;
    expect(world.simulator.bought).to.have.length(1);
    expect(await ordered()).to.deep.equal([{ phone: number }]);
    expect(await world.text('+14445550001', number, 'Hello?')).to.equal(200);
    const kept = await rows(world.runtime.db, "SELECT carrier_id FROM inbound_texts WHERE phone = '+14445550001'");
    expect(kept).to.have.length(1);
    world.simulator.activateNumber(number);
    expect(await readyOrdered(world.runtime)).to.equal(1);
    expect(await create(4)).to.equal(number);
    expect(world.simulator.bought).to.have.length(1);
  });

  it('links a bought number to the campaign, and hands it out when it is linked', async () => {
    await open({ PLIVO_CAMPAIGN_ID: 'CGROUPS' }, { linkMs: 100_000 });
    expect(await create(1)).to.match(/^\+/);
    expect(await create(2)).to.equal('UNAVAILABLE');
    const [{ number } = { number: '' }] = world.simulator.bought;
    await until('the carrier has linked it', () => readyOrdered(world.runtime).then((ready) => ready === 1));
    expect(await create(3)).to.equal(number);
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
});
