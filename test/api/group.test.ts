import { expect } from 'chai';
import { setBlocked } from '../../db/people/blocks.ts';
import { findPerson } from '../../db/people/people.ts';
import { openWorld, type World } from '../support/world.ts';

const ann = '+14445550001';
const bob = '+14445550002';
const cid = '+14445550003';
const input = { group: 'Hikers', name: 'Ann', number: ann, name_0: 'Bob', number_0: bob };

describe('/group/create', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false, env: { MAX_PENDING_GROUPS: '100' } });
  });
  after(() => world.close());

  it('says with which number the group is reached, and whether it is the account’s first', async () => {
    const first = await world.call('/group/create', { ...input, number: '+14445551001' });
    expect(first.body).to.have.all.keys('status', 'number', 'first_group');
    expect(world.pool).to.include(first.body.number as string);
    expect(first.body.first_group).to.equal(1);
    const second = await world.call('/group/create', { ...input, number: '(444) 555-1001', name_0: 'Cid' });
    expect(second.body.first_group).to.equal(0);
  });

  const long = 'x'.repeat(31);
  const rows: [string, Record<string, unknown>, unknown[]][] = [
    ['nothing is sent', {}, ['MISSING_FIELDS', ['group', 'name', 'number']]],
    ['half a pair is sent', { ...input, name_4: 'Dee' }, ['MISSING_FIELDS', ['number_4']]],
    ['something is missing and something wrong', { ...input, group: '', number: 'x' }, ['MISSING_FIELDS', ['group']]],
    ['the creator’s number is none', { ...input, number: '12' }, ['INVALID_NUMBER', '12']],
    ['a member’s number is abroad', { ...input, number_0: '+442079460018' }, ['INVALID_NUMBER', '+442079460018']],
    ['the group’s name has 31 letters', { ...input, group: long }, ['TOO_LONG', long]],
    ['a member’s name has 31 letters', { ...input, name_0: long }, ['TOO_LONG', long]],
    ['a long name comes before a bad number', { ...input, name: long, number: '12' }, ['TOO_LONG', long]],
    ['the email is none', { ...input, email: 'ann at home' }, ['BAD_REQUEST', 'email']],
    ['a flag is neither 1 nor 0', { ...input, reply_to_owner: 'yes' }, ['BAD_REQUEST', 'reply_to_owner']],
    ['a member is one of our numbers', { ...input, number_0: '+12015551001' }, ['GROUP_FLIER_NUMBER', '+12015551001']],
    ['the creator is the service number', { ...input, number: '+12015551000' }, ['GROUP_FLIER_NUMBER', '+12015551000']],
    ['a member has texted STOP', { ...input, number_0: cid }, ['BLOCKED_NUMBER', undefined]],
    ['a number is there twice', { ...input, name_1: 'Cy', number_1: '444-555-0002' }, ['DUP_NUMBER', bob]],
    ['the creator is a member again', { ...input, name_1: 'Anna', number_1: ann }, ['DUP_NUMBER', ann]],
    ['a name is there twice', { ...input, name_1: 'ＢＯＢ', number_1: '+14445550009' }, ['DUP_NAME', 'ＢＯＢ']],
    ['nobody is added', { group: 'Hikers', name: 'Ann', number: ann }, ['NOT_ENOUGH_MEMBERS', undefined]],
    ['N goes over 100', { ...input, name_101: 'Zoe', number_101: '+14445550101' }, ['TOO_MANY_MEMBERS', undefined]],
    ['a number twice comes before too many', { ...input, name_101: 'Zoe', number_101: bob }, ['DUP_NUMBER', bob]],
  ];
  for (const [when, params, [error, subtype]] of rows) {
    it(`answers ${error} when ${when}`, async () => {
      await block(world, cid);
      for (const as of ['query', 'form', 'json'] as const) {
        const { body } = await world.call('/group/create', params, { as });
        expect([body.error_type, body.error_subtype], as).to.deep.equal([error, subtype]);
      }
      expect(await world.runtime.db('groups').where({ name: input.group, owner_id: 0 })).to.deep.equal([]);
    });
  }

  it('takes the members as a list in JSON, and says the same of it as of name_N and number_N', async () => {
    const head = { group: 'Listed', name: 'Ann', number: '+14445551007' };
    const create = (members: unknown, more = {}) =>
      world.call('/group/create', { ...head, members, ...more }, { as: 'json' });
    const member = { name: 'Bob', number: bob };
    const refused: [unknown, Record<string, unknown>, number, unknown[]][] = [
      [[member, { name: 'Cy' }], {}, 200, ['MISSING_FIELDS', ['number_1']]],
      [[member, { name: 'Cy', number: '12' }], {}, 200, ['INVALID_NUMBER', '12']],
      [[], {}, 200, ['NOT_ENOUGH_MEMBERS', undefined]],
      [
        Array.from({ length: 102 }, (_, at) => ({ name: `M${at}`, number: 14445552000 + at })),
        {},
        200,
        ['TOO_MANY_MEMBERS', undefined],
      ],
      [Array.from({ length: 300 }, () => member), {}, 400, ['BAD_REQUEST', 'body']],
      [[{ ...member, sms: 1 }], {}, 400, ['BAD_REQUEST', 'members']],
      [[[member]], {}, 400, ['BAD_REQUEST', 'members']],
      [['Bob'], {}, 400, ['BAD_REQUEST', 'members']],
      [[{ name: ['Bob'], number: bob }], {}, 400, ['BAD_REQUEST', 'name_0']],
      [[member], { name_0: 'Rob' }, 400, ['BAD_REQUEST', 'name_0']],
      [member, {}, 400, ['BAD_REQUEST', 'members']],
    ];
    for (const [members, more, http, [error, subtype]] of refused) {
      const answer = await create(members, more);
      expect([answer.http, answer.body.error_type, answer.body.error_subtype]).to.deep.equal([http, error, subtype]);
    }
    const { body } = await create([member, {}, { name: 'Dee', number: '+14445550008' }]);
    expect(body).to.include({ status: 'OK', first_group: 1 });
    const elsewhere = await world.call('/member/find', { number: '12', members: [member] }, { as: 'json' });
    expect(elsewhere.body).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'members' });
  });

  it('takes a creator and N from 0 to 100, gaps or none, and not one more', async () => {
    const pairs = Array.from({ length: 101 }, (_, at) => [
      [`name_${at}`, `Guest ${at}`],
      [`number_${at}`, `+1444777${String(at).padStart(4, '0')}`],
    ]).flat();
    const full = { group: 'Crowd', name: 'Ann', number: '+14447770999', ...Object.fromEntries(pairs) };
    for (const as of ['query', 'json'] as const)
      expect((await world.call('/group/create', full, { as })).body.status).to.equal('OK');
    const [{ members }] = (await world.runtime
      .db('staged_members')
      .where({ name: 'Guest 100' })
      .count({ members: '*' })) as [{ members: number }];
    expect(members).to.equal(2);
    expect((await world.call('/group/create', { ...full, name_101: 'Zoe', number_101: bob })).body).to.deep.equal({
      ...{ status: 'ERROR', error_type: 'TOO_MANY_MEMBERS' },
    });
  });

  it('answers TOO_MANY_PENDING_GROUPS to the fourth that waits for its YES', async () => {
    const few = await openWorld({ workers: false });
    try {
      for (let made = 0; made < 3; made++) {
        expect((await few.call('/group/create', { ...input, name_0: `Bob ${made}` })).body.status).to.equal('OK');
      }
      expect((await few.call('/group/create', input)).body).to.deep.equal({
        status: 'ERROR',
        error_type: 'TOO_MANY_PENDING_GROUPS',
      });
    } finally {
      await few.close();
    }
  });

  it('answers 503 and keeps nothing when there is no number for the creator', async () => {
    const poor = await openWorld({ workers: false, env: { NUMBER_POOL: '+12015551001' } });
    try {
      expect((await poor.call('/group/create', input)).body.status).to.equal('OK');
      const { http, body, headers } = await poor.call('/group/create', { ...input, name_0: 'Cid', number_0: cid });
      expect(http).to.equal(503);
      expect(body).to.include({ error_type: 'UNAVAILABLE', error_subtype: 'number' });
      expect(body.request_id).to.equal(headers.get('x-request-id'));
      expect(Number(headers.get('retry-after'))).to.be.greaterThan(0);
      const [{ groups }] = (await poor.runtime.db('groups').count({ groups: '*' })) as [{ groups: number }];
      expect(groups).to.equal(1);
    } finally {
      await poor.close();
    }
  });
});

describe('/group/set', () => {
  let world: World;
  let number: string;
  let sids: { ann: string; bob: string };
  before(async () => {
    world = await openWorld();
    number = await makeGroup(world, input);
    sids = { ann: await world.logIn(ann), bob: await world.logIn(bob) };
  });
  after(() => world.close());

  const set = (params: Record<string, unknown>) => world.call('/group/set', { sid: sids.ann, number, ...params });

  it('changes what is sent and nothing else', async () => {
    expect((await set({ name: 'Walkers', disable_who: 1, description: ' Long\twalks ' })).body).to.deep.equal({
      status: 'OK',
    });
    expect(await groupOf(world, sids.ann)).to.include({
      name: 'Walkers',
      disable_who: 1,
      disable_add: 0,
      description: 'Long walks',
    });
    expect((await set({ name: ' ', disable_who: '' })).body.status).to.equal('OK');
    expect(await groupOf(world, sids.ann)).to.include({ name: 'Walkers', disable_who: 1 });
  });

  it('gives a group that becomes public a code, and says it from then on', async () => {
    const { body } = await set({ is_public: 1, description: 'Long walks' });
    expect(body.invite_code).to.match(/^[\w-]{4,50}$/);
    expect((await set({ notify_on_add: 1 })).body.invite_code).to.equal(body.invite_code);
    expect((await set({ is_public: 0, invite_code: '' })).body).to.deep.equal({ status: 'OK' });
  });

  it('takes the codes of other groups for used, whatever their case', async () => {
    const other = await makeGroup(world, {
      group: 'Readers',
      name: 'Dee',
      number: '+14445550004',
      number_0: cid,
      name_0: 'Cid',
    });
    const dee = await world.logIn('+14445550004');
    const mine = await world.call('/group/set', { sid: dee, number: other, invite_code: 'Read-ers' });
    expect(mine.body.invite_code).to.equal('Read-ers');
    expect((await set({ invite_code: 'READ-ERS' })).body.error_type).to.equal('USED_INVITE_CODE');
    await world.call('/group/set', { sid: dee, number: other, invite_code: '' });
    expect((await set({ invite_code: 'READ-ERS' })).body.invite_code).to.equal('READ-ERS');
  });

  const rows: [string, Record<string, unknown>, string, unknown?][] = [
    ['there is no number', { number: '' }, 'MISSING_FIELDS', ['number']],
    ['the name has 31 letters', { name: 'x'.repeat(31) }, 'TOO_LONG'],
    ['the description has 151 letters', { description: 'x'.repeat(151) }, 'DESCRIPTION_TOO_LONG'],
    ['the code has 3 letters', { invite_code: 'abc' }, 'INVALID_INVITE_CODE'],
    ['the code has 51 letters', { invite_code: 'x'.repeat(51) }, 'INVALID_INVITE_CODE'],
    ['the code has a space', { invite_code: 'long walks' }, 'INVALID_INVITE_CODE'],
    ['the number is no number', { number: 'x' }, 'MEMBER_LOOKUP_FAILED'],
    ['the number is no group', { number: '+14445559999' }, 'MEMBER_LOOKUP_FAILED'],
    ['it would be public without a description', { is_public: 1, description: '' }, 'CANT_MAKE_PUBLIC'],
    ['a bad name comes before a bad number', { number: 'x', name: 'x'.repeat(31) }, 'TOO_LONG'],
  ];
  for (const [when, params, error, subtype] of rows) {
    it(`answers ${error} when ${when}`, async () => {
      const { http, body } = await set(params);
      expect(http).to.equal(200);
      expect([body.error_type, body.error_subtype]).to.deep.equal([error, subtype]);
    });
  }

  it('answers NOT_OWNER to a member, and 400 to a flag of 2', async () => {
    expect((await set({ sid: sids.bob, name: 'Bobbers' })).body.error_type).to.equal('NOT_OWNER');
    const { http, body } = await set({ is_public: 2 });
    expect([http, body.error_subtype]).to.deep.equal([400, 'is_public']);
  });

  it('is 401 before anything else without a session', async () => {
    for (const sid of ['', 'x', 'x'.repeat(43)]) {
      const { http, body } = await world.call('/group/set', { sid });
      expect([http, body]).to.deep.equal([401, { status: 'ERROR', error_type: 'UNAUTHORIZED' }]);
    }
  });

  describe('with the PIN of send_pin', () => {
    const eve = '+14445550005';
    let staged: string;
    let pin: string;
    before(async () => {
      const params = { group: 'Divers', name: 'Eve', number: eve, name_0: 'Cid', number_0: cid, send_pin: 1 };
      staged = String((await world.call('/group/create', params)).body.number);
      const [text] = await world.inbox(eve, 1);
      pin = /\b\d{6}\b/.exec(text?.text ?? '')?.[0] ?? '';
    });

    it('is 401 with a wrong PIN, half a pair, or another phone', async () => {
      const wrong = pin === '123456' ? '123457' : '123456';
      for (const who of [{ pin: wrong, pin_number: eve }, { pin }, { pin_number: eve }, { pin, pin_number: ann }]) {
        expect((await world.call('/group/set', { ...who, number: staged })).http).to.equal(401);
      }
    });

    it('does nothing to another group of the same phone', async () => {
      const other = await makeGroup(world, {
        group: 'Runners',
        name: 'Eve',
        number: eve,
        name_0: 'Bob',
        number_0: bob,
      });
      expect((await world.call('/group/set', { pin, pin_number: eve, number: other, name: 'Stolen' })).http).to.equal(
        401,
      );
    });

    it('turns the group on, sets what is sent, and serves again', async () => {
      const who = { pin, pin_number: '(444) 555-0005', number: staged };
      expect((await world.call('/group/set', { ...who, name: 'Deep divers' })).body).to.deep.equal({ status: 'OK' });
      const welcome = (await world.inbox(cid, 2)).at(-1);
      expect(welcome?.text).to.contain('Deep divers');
      expect((await world.call('/group/set', { ...who, notify_on_add: 1 })).body).to.deep.equal({ status: 'OK' });
    });

    it('logs in once, and serves the group after that as well', async () => {
      const login = () => world.call('/member/login', { number: eve, pin });
      expect((await login()).body.sid).to.be.a('string');
      expect((await login()).body.error_type).to.equal('INVALID_PIN');
      const again = await world.call('/group/set', { pin, pin_number: eve, number: staged, disable_add: 1 });
      expect(again.body.status).to.equal('OK');
    });
  });
});

/** A group that is on. */
async function makeGroup(world: World, params: Record<string, unknown>): Promise<string> {
  const { body } = await world.call('/group/create', params);
  const number = String(body.number);
  const creator = String(params.number);
  await world.text(creator, number, 'YES');
  await world.quiet();
  return number;
}

async function groupOf(world: World, sid: string): Promise<Record<string, unknown> | undefined> {
  const { body } = await world.call('/member/groups', { sid });
  return (body.groups as Record<string, unknown>[])[0];
}

async function block(world: World, phone: string): Promise<void> {
  await world.runtime.db.raw('INSERT IGNORE INTO people (phone, created_at) VALUES (?, NOW(3))', [phone]);
  const person = await findPerson(world.runtime.db, phone);
  await setBlocked(world.runtime.db, { personId: person?.id ?? 0, at: new Date() });
}
