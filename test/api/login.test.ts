import { expect } from 'chai';
import { rows, run } from '../../db/connect.ts';
import { setBlocked } from '../../db/people/blocks.ts';
import { findPerson } from '../../db/people/people.ts';
import { hashPassword } from '../../engine/people/secrets.ts';
import { openWorld, type World } from '../support/world.ts';

describe('finding a member and logging in', () => {
  let world: World;
  let members = 0;
  before(async () => {
    world = await openWorld({ env: { TRUST_PROXY: '1', THROTTLE_PER_MINUTE: '40' } });
  });
  after(() => world.close());

  /** Each test has its own people behind addresses of their own, because tries are counted. */
  const newMember = async () => {
    const phone = `+1444556${String(++members).padStart(4, '0')}`;
    const friend = `+1444557${String(members).padStart(4, '0')}`;
    const params = { group: 'Hikers', name: 'Ann', number: phone, name_0: 'Bob', number_0: friend };
    const { body } = await world.call('/group/create', params);
    await world.text(phone, String(body.number), 'YES');
    await world.quiet();
    return { phone, friend };
  };
  const from = (address: string) => ({ headers: { 'x-forwarded-for': `10.0.0.1, ${address}` } });
  const find = (number: string, address = '192.0.2.1') => world.call('/member/find', { number }, from(address));
  const logIn = (number: string, pin: string, address = '192.0.2.1') =>
    world.call('/member/login', { number, pin }, from(address));
  const pinsTo = (phone: string) =>
    world.simulator.textsTo(phone).flatMap(({ from: number, text }) => {
      const pin = /PIN is (\d{6})/.exec(text)?.[1];
      return number === world.serviceNumber && pin !== undefined ? [pin] : [];
    });
  const getPin = async (phone: string) => {
    const had = pinsTo(phone).length;
    expect((await find(phone)).body.status).to.equal('OK');
    await world.quiet();
    const pin = pinsTo(phone)[had];
    if (pin === undefined) throw new Error('no PIN came');
    return pin;
  };
  const wrongOf = (pin: string) => (pin === '000000' ? '000001' : '000000');
  const refusal = (error: string, subtype?: unknown) => ({
    status: 'ERROR',
    error_type: error,
    ...(subtype === undefined ? {} : { error_subtype: subtype }),
  });

  it('texts a PIN of six digits from the service number, which opens a session once', async () => {
    const { phone } = await newMember();
    const pin = await getPin(phone);
    const first = await logIn(phone, pin);
    expect(first.body.sid).to.match(/^[\w-]{43}$/);
    expect((await logIn(phone, pin)).body).to.deep.equal(refusal('INVALID_PIN'));
    const { body } = await world.call('/member/groups', { sid: first.body.sid });
    expect(body.number).to.equal(phone);
  });

  const rows_: [string, string, Record<string, unknown>, object][] = [
    ['no number', '/member/find', {}, refusal('MISSING_FIELDS', ['number'])],
    ['a number that is none', '/member/find', { number: '12' }, refusal('INVALID_NUMBER', '12')],
    ['a phone in no group', '/member/find', { number: '+14445550000' }, refusal('NOT_FOUND')],
    ['one of our own numbers', '/member/find', { number: '+12015551000' }, refusal('NOT_FOUND')],
    ['no number and no PIN', '/member/login', { pin: ' ' }, refusal('MISSING_FIELDS', ['number', 'pin'])],
    ['a number that is none', '/member/login', { number: '12', pin: '123456' }, refusal('INVALID_NUMBER')],
    ['a phone that nobody knows', '/member/login', { number: '+14445550000', pin: '123456' }, refusal('INVALID_PIN')],
  ];
  for (const [what, path, params, body] of rows_) {
    it(`${path} refuses ${what}`, async () => {
      expect((await world.call(path, params, from('192.0.2.7'))).body).to.deep.equal(body);
    });
  }

  it('keeps neither PIN nor sid in the database', async () => {
    const { phone } = await newMember();
    const { body } = await logIn(phone, await getPin(phone));
    const kept = await rows<Record<string, unknown>>(world.runtime.db, 'SELECT * FROM sessions');
    expect(JSON.stringify(kept.map((row) => String(row.sid_hash)))).not.to.contain(String(body.sid));
    const pins = await rows<{ pin_hash: Buffer }>(world.runtime.db, 'SELECT pin_hash FROM pins');
    expect(pins.every(({ pin_hash }) => pin_hash.length === 32)).to.equal(true);
  });

  it('takes a PIN from any of those that are still good, and none after 15 minutes', async () => {
    const { phone } = await newMember();
    const first = await getPin(phone);
    await run(world.runtime.db, 'UPDATE pins SET expires_at = NOW(3) + INTERVAL 50 SECOND ORDER BY id DESC LIMIT 1');
    const second = await getPin(phone);
    await run(world.runtime.db, 'UPDATE pins SET expires_at = NOW(3) ORDER BY id DESC LIMIT 1');
    expect((await logIn(phone, second)).body).to.deep.equal(refusal('INVALID_PIN'));
    expect((await logIn(phone, first)).body.status).to.equal('OK');
  });

  it('texts the same PIN again while it lives, and always one to a phone that texts PIN', async () => {
    const { phone } = await newMember();
    const first = await getPin(phone);
    expect(await getPin(phone)).to.equal(first);
    await getPin(phone);
    expect((await find(phone)).body).to.deep.equal(refusal('THROTTLE'));
    await world.text(phone, world.serviceNumber, 'Pin');
    await world.quiet();
    expect(pinsTo(phone)).to.deep.equal([first, first, first, first]);
    expect((await logIn(phone, first)).body.status).to.equal('OK');
    await world.text(phone, world.serviceNumber, 'PIN');
    await world.quiet();
    const fresh = pinsTo(phone).at(-1) ?? '';
    expect((await logIn(phone, fresh)).body.status).to.equal('OK');
  });

  it('takes the password as well, again and again', async () => {
    const { phone } = await newMember();
    const passwordHash = await hashPassword('correct horse');
    await run(world.runtime.db, 'UPDATE people SET password_hash = ? WHERE phone = ?', [passwordHash, phone]);
    expect((await find(phone)).body).to.deep.equal({ status: 'OK', has_password: 1 });
    for (let times = 0; times < 2; times++) expect((await logIn(phone, 'correct horse')).body.status).to.equal('OK');
    expect((await logIn(phone, 'Correct horse')).body).to.deep.equal(refusal('INVALID_PIN'));
  });

  const leftovers: [string, string, boolean][] = [
    ['nothing but a trial', "UPDATE accounts SET type = 'T'", false],
    ['money', "UPDATE accounts SET type = 'P'", true],
    ['a password', "UPDATE people SET password_hash = 'x'", true],
  ];
  for (const [what, statement, isKnown] of leftovers) {
    it(`finds ${isKnown ? 'an owner' : 'no owner'} whose last group is gone and who left ${what} with us`, async () => {
      const { phone } = await newMember();
      const { body } = await logIn(phone, await getPin(phone));
      const [group] = (await world.call('/member/groups', { sid: body.sid })).body.groups as { number: string }[];
      await world.call('/group/delete', { sid: body.sid, number: group?.number });
      const key = statement.includes('accounts') ? 'person_id' : 'id';
      const person = await findPerson(world.runtime.db, phone);
      await run(world.runtime.db, `${statement} WHERE ${key} = ?`, [person?.id ?? 0]);
      expect((await find(phone)).body.status).to.equal(isKnown ? 'OK' : 'ERROR');
    });
  }

  it('uses one PIN up for one of two logins at the same time', async () => {
    const { phone } = await newMember();
    const pin = await getPin(phone);
    const answers = await Promise.all([1, 2, 3, 4].map(() => logIn(phone, pin)));
    expect(answers.filter(({ body }) => body.status === 'OK')).to.have.length(1);
  });

  it('sends nothing to a blocked phone and answers as ever', async () => {
    const { phone } = await newMember();
    const person = await findPerson(world.runtime.db, phone);
    await setBlocked(world.runtime.db, { personId: person?.id ?? 0, at: new Date() });
    expect((await find(phone)).body).to.deep.equal({ status: 'OK', has_password: 0 });
    await world.quiet();
    expect(pinsTo(phone)).to.deep.equal([]);
  });

  describe('lockout', () => {
    it('comes after five wrong PINs, for the right one as well, and says how long', async () => {
      const { phone } = await newMember();
      const pin = await getPin(phone);
      for (let wrong = 0; wrong < 5; wrong++) {
        expect((await logIn(phone, wrongOf(pin))).body).to.deep.equal(refusal('INVALID_PIN'));
      }
      const { body, headers } = await logIn(phone, pin, '192.0.2.99');
      expect(body).to.deep.equal(refusal('LOCKOUT'));
      expect(Number(headers.get('retry-after'))).to.be.within(890, 900);
    });

    it('does not come for four wrong ones and many right ones', async () => {
      const { phone } = await newMember();
      await run(world.runtime.db, 'UPDATE people SET password_hash = ? WHERE phone = ?', [
        await hashPassword('right'),
        phone,
      ]);
      for (let wrong = 0; wrong < 4; wrong++) await logIn(phone, 'wrong');
      for (let right = 0; right < 6; right++) expect((await logIn(phone, 'right')).body.status).to.equal('OK');
      expect((await logIn(phone, 'wrong')).body).to.deep.equal(refusal('INVALID_PIN'));
      expect((await logIn(phone, 'right')).body).to.deep.equal(refusal('LOCKOUT'));
    });

    it('lets no more than five of many guesses at the same time be looked at', async () => {
      const { phone } = await newMember();
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, at) => logIn(phone, String(at).padStart(6, '0'))),
      );
      const looked = answers.filter(({ body }) => body.error_type === 'INVALID_PIN');
      expect(looked).to.have.length(5);
      expect(answers.filter(({ body }) => body.error_type === 'LOCKOUT')).to.have.length(35);
    });

    it('comes after 50 wrong ones from an address, for all phones together', async () => {
      const guess = (at: number) => logIn(`+1444558${String(at).padStart(4, '0')}`, '123456', '198.51.100.5');
      for (let at = 0; at < 50; at++) expect((await guess(at)).body).to.deep.equal(refusal('INVALID_PIN'));
      expect((await guess(50)).body).to.deep.equal(refusal('LOCKOUT'));
      const { phone } = await newMember();
      expect((await logIn(phone, await getPin(phone), '198.51.100.6')).body.status).to.equal('OK');
    });

    it('counts the PINs of /group/set, and makes the right one a 401', async () => {
      const creator = '+14445590001';
      const { body } = await world.call('/group/create', {
        ...{ group: 'Divers', name: 'Eve', number: creator, name_0: 'Bob', number_0: '+14445590002', send_pin: 1 },
      });
      await world.quiet();
      const pin = /PIN is (\d{6})/.exec(world.simulator.textsTo(creator)[0]?.text ?? '')?.[1] ?? '';
      const set = (attempt: string) =>
        world.call('/group/set', { pin: attempt, pin_number: creator, number: body.number }, from('198.51.100.7'));
      for (let wrong = 0; wrong < 5; wrong++) expect((await set(wrongOf(pin))).http).to.equal(401);
      expect((await set(pin)).http).to.equal(401);
      expect((await logIn(creator, pin, '198.51.100.8')).body).to.deep.equal(refusal('LOCKOUT'));
    });
  });

  describe('throttles', () => {
    it('send three PINs in 15 minutes to a phone', async () => {
      const { phone } = await newMember();
      for (let times = 0; times < 3; times++)
        expect((await find(phone, `203.0.113.${times}`)).body.status).to.equal('OK');
      const { body, headers } = await find(phone, '203.0.113.9');
      expect(body).to.deep.equal(refusal('THROTTLE'));
      expect(Number(headers.get('retry-after'))).to.be.within(890, 900);
      await world.quiet();
      expect(pinsTo(phone)).to.have.length(3);
    });

    it('send three PINs, however many ask at the same time', async () => {
      const { phone } = await newMember();
      await Promise.all(Array.from({ length: 20 }, (_, at) => find(phone, `203.0.114.${at}`)));
      await world.quiet();
      expect(pinsTo(phone)).to.have.length(3);
    });

    it('answer THROTTLE to an address after its calls of a minute, after the number’s own errors', async () => {
      const address = '2001:db8:1:2:3:4:5:6';
      for (let calls = 0; calls < 40; calls++)
        expect((await find('+14445550000', address)).body).to.deep.equal(refusal('NOT_FOUND'));
      const { body, headers } = await find('+14445550000', '2001:db8:1:2::9');
      expect(body).to.deep.equal(refusal('THROTTLE'));
      expect(Number(headers.get('retry-after'))).to.be.within(1, 60);
      expect((await find('12', address)).body).to.deep.equal(refusal('INVALID_NUMBER', '12'));
      expect((await find('+14445550000', '2001:db8:1:3::9')).body).to.deep.equal(refusal('NOT_FOUND'));
    });

    it('keep no phone and no address in Redis', async () => {
      const keys = await world.runtime.redis.keys('*throttle*');
      expect(keys.length).to.be.greaterThan(3);
      for (const key of keys) expect(key).not.to.match(/\d{7}|192\.0|203\.0|2001/);
    });
  });

  describe('a session', () => {
    it('ends by logout', async () => {
      const { phone } = await newMember();
      const sid = String((await logIn(phone, await getPin(phone))).body.sid);
      expect((await world.call('/member/logout', { sid })).body).to.deep.equal({ status: 'OK' });
      expect((await world.call('/member/logout', { sid })).http).to.equal(401);
      expect((await world.call('/member/groups', { sid })).http).to.equal(401);
    });

    it('lives for 30 days since its last use', async () => {
      const { phone } = await newMember();
      const sid = String((await logIn(phone, await getPin(phone))).body.sid);
      const unusedFor = (days: number) =>
        run(world.runtime.db, 'UPDATE sessions SET used_at = NOW(3) - INTERVAL ? HOUR', [days * 24]);
      await unusedFor(29.9);
      expect((await world.call('/member/groups', { sid })).http).to.equal(200);
      const [kept] = await rows<{ age: number }>(
        world.runtime.db,
        'SELECT TIMESTAMPDIFF(MINUTE, MAX(used_at), NOW(3)) AS age FROM sessions',
      );
      expect(kept?.age).to.equal(0);
      await unusedFor(30.1);
      expect((await world.call('/member/groups', { sid })).http).to.equal(401);
    });

    for (const sid of ['', 0, true, 'x', "' OR 1=1", 'x'.repeat(43), '../../etc']) {
      it(`is not ${JSON.stringify(sid)}`, async () => {
        const { http, body } = await world.call('/member/logout', { sid }, { as: 'json' });
        expect([http, body]).to.deep.equal([401, refusal('UNAUTHORIZED')]);
      });
    }
  });
});
