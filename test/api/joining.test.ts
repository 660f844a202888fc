import { expect } from 'chai';
import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { setBlocked } from '../../db/people/blocks.ts';
import { ensurePerson, findPerson } from '../../db/people/people.ts';
import { openRuntime } from '../../engine/platform/runtime.ts';
import { openGate } from '../support/gate.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

type Params = Record<string, unknown>;
const ann = '+14445550001';
const bob = '+14445550002';
const cid = '+14445550003';
const dee = '+14445550004';
const blocked = '+14445550008';

describe('joining by an invite code', () => {
  let world: World;
  let group: TestGroup;
  let oneWay: TestGroup;
  let sid: string;
  let addresses = 0;

  before(async () => {
    world = await openWorld({
      env: { MAX_MEMBERS: '3', TRUST_PROXY: '1', THROTTLE_PER_MINUTE: '20', CONSENT: 'open' },
    });
    group = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers', phones: { Ann: ann, Bob: bob } });
    oneWay = await startGroup(world, ['Ann', 'Bob'], {
      name: 'News',
      replyToOwner: true,
      phones: { Ann: ann, Bob: bob },
    });
    sid = await openSid(world, ann);
    await world.call('/group/set', { sid, number: group.number, invite_code: 'Hike-Rs', disable_who: 1 });
    await world.call('/group/set', { sid, number: oneWay.number, invite_code: 'news' });
    const person = await ensurePerson(world.runtime.db, blocked, new Date());
    await setBlocked(world.runtime.db, { personId: person.id, at: new Date() });
  });
  after(() => world.close());

  /** Every call from an address of its own, unless one is named. */
  const call = (path: string, params: Params, address = `10.1.0.${++addresses % 250}`) =>
    world.call(path, params, { headers: { 'x-forwarded-for': address } });
  const join = (params: Params, address?: string) => call('/group/join', params, address);
  const remove = (from: TestGroup, number: string) => world.call('/member/remove', { sid, group: from.number, number });
  const refusal = (error: string, subtype?: unknown) => ({
    status: 'ERROR',
    error_type: error,
    ...(subtype === undefined ? {} : { error_subtype: subtype }),
  });

  it('makes somebody a member, who gets one welcome, and says the group’s name', async () => {
    const { body } = await join({ invite_code: 'HIKE-rs', name: ' Cid ', number: '(444) 555-0003' });
    expect(body).to.deep.equal({ status: 'OK', name: 'Hikers' });
    await world.quiet();
    const texts = world.simulator.textsTo(cid).map(({ text }) => text);
    expect(texts).to.have.length(1);
    expect(texts[0]).to.match(/^Group Texting: you are in "Hikers".*\*bye.*STOP/s);
    const { body: mine } = await world.call('/member/groups', { sid: await openSid(world, cid) });
    expect((mine.groups as Params[])[0]).to.include({ name: 'Hikers', owner: 0, bye: 0, sms: 1 });
    await remove(group, cid);
  });

  it('tells everybody else with notify_on_add', async () => {
    await world.call('/group/set', { sid, number: group.number, notify_on_add: 1 });
    await world.quiet();
    const before = [ann, bob].map((phone) => world.simulator.textsTo(phone).length);
    await join({ invite_code: 'hike-rs', name: 'Cid', number: cid });
    await world.quiet();
    for (const [at, phone] of [ann, bob].entries()) {
      const news = world.simulator.textsTo(phone).slice(before[at]);
      expect(news.map(({ text }) => text)).to.deep.equal(['Cid joined "Hikers".']);
    }
    await world.call('/group/set', { sid, number: group.number, notify_on_add: 0 });
    await remove(group, cid);
  });

  it('needs no name where messages go to the owner alone', async () => {
    expect((await join({ invite_code: 'news', number: cid })).body).to.deep.equal({ status: 'OK', name: 'News' });
    await remove(oneWay, cid);
  });

  const good = { invite_code: 'hike-rs', name: 'Cid', number: cid };
  const rows: [string, Params, object][] = [
    ['nothing is sent', {}, refusal('MISSING_FIELDS', ['invite_code', 'name', 'number'])],
    ['only the code is sent', { invite_code: 'hike-rs' }, refusal('MISSING_FIELDS', ['name', 'number'])],
    [
      'there is no name and the number is none',
      { ...good, name: '', number: '12' },
      refusal('MISSING_FIELDS', ['name']),
    ],
    [
      'no name is needed and the number is none',
      { invite_code: 'news', number: '12' },
      refusal('INVALID_NUMBER', '12'),
    ],
    ['there is no name', { ...good, name: '  ' }, refusal('MISSING_FIELDS', ['name'])],
    ['there is no name and no such code', { invite_code: 'no', number: cid }, refusal('MISSING_FIELDS', ['name'])],
    ['the number is none', { ...good, number: '12' }, refusal('INVALID_NUMBER', '12')],
    ['a long name comes before a bad number', { ...good, name: 'x'.repeat(31), number: '12' }, refusal('TOO_LONG')],
    ['the code is unknown', { ...good, invite_code: 'hike_rs' }, refusal('NOT_FOUND')],
    ['the code is no code', { ...good, invite_code: 'hi\u212Ae-rs' }, refusal('NOT_FOUND')],
    ['the code has a wild card', { ...good, invite_code: 'hike%' }, refusal('NOT_FOUND')],
    ['the number comes before the code', { ...good, invite_code: 'x', number: 'x' }, refusal('INVALID_NUMBER', 'x')],
    ['it is one of our numbers', { ...good, number: '+12015551002' }, refusal('GROUP_FLIER_NUMBER')],
    ['they texted STOP', { ...good, number: blocked, name: 'Bob' }, refusal('BLOCKED_NUMBER')],
    ['they are in it already', { ...good, number: bob, name: 'Ann' }, refusal('DUP_NUMBER')],
    ['the name is in it already', { ...good, name: 'ANN' }, refusal('DUP_NAME')],
  ];
  for (const [when, params, body] of rows) {
    it(`is refused when ${when}`, async () => {
      for (const as of ['query', 'form', 'json'] as const) {
        const headers = { 'x-forwarded-for': `10.2.0.${++addresses % 250}` };
        expect((await world.call('/group/join', params, { as, headers })).body).to.deep.equal(body);
      }
      expect(await findPerson(world.runtime.db, cid)).not.to.equal(undefined);
    });
  }

  it('is refused with TOO_MANY_MEMBERS in a full group, before anything else of its state', async () => {
    await join({ ...good, name: 'Dee', number: dee });
    for (const params of [good, { ...good, number: bob }, { ...good, number: blocked }, { ...good, name: 'Ann' }]) {
      expect((await join(params)).body).to.deep.equal(refusal('TOO_MANY_MEMBERS'));
    }
    expect((await call('/group/invite/check', { invite_code: 'hike-rs' })).body).to.deep.equal(
      refusal('TOO_MANY_MEMBERS'),
    );
    await world.call('/member/bye', { sid: await openSid(world, dee), group: group.number });
    expect((await call('/group/invite/check', { invite_code: 'hike-rs' })).body.status).to.equal('OK');
    expect((await join({ ...good, number: dee })).body).to.deep.equal(refusal('DUP_NUMBER'));
    await remove(group, dee);
  });

  it('leaves nobody behind when it is refused', async () => {
    const unknown = '+14445550666';
    expect((await join({ ...good, name: 'Ann', number: unknown })).body).to.deep.equal(refusal('DUP_NAME'));
    expect(await findPerson(world.runtime.db, unknown)).to.equal(undefined);
  });

  it('a code is known from activation to the end of its group', async () => {
    const creator = '+14445550020';
    const { body } = await world.call('/group/create', {
      ...{ group: 'Late', name: 'Eve', number: creator, name_0: 'Bob', number_0: bob, send_pin: 1 },
    });
    const number = String(body.number);
    const staged = { ...good, invite_code: 'late-group' };
    await world.runtime.db.raw(
      "UPDATE `groups` SET invite_code = 'late-group', invite_key = 'late-group' WHERE name = 'Late'",
    );
    expect((await join(staged)).body).to.deep.equal(refusal('NOT_FOUND'));
    expect((await call('/group/invite/check', staged)).body).to.deep.equal(refusal('NOT_FOUND'));
    await world.text(creator, number, 'yes');
    expect((await join(staged)).body).to.deep.equal({ status: 'OK', name: 'Late' });
    const eve = await openSid(world, creator);
    expect((await world.call('/group/delete', { sid: eve, number })).body).to.deep.equal({ status: 'OK' });
    expect((await join(staged)).body).to.deep.equal(refusal('NOT_FOUND'));
    const mine = await world.call('/group/set', { sid, number: oneWay.number, invite_code: 'LATE-group' });
    expect(mine.body).to.deep.equal({ status: 'OK', invite_code: 'LATE-group' });
    await world.call('/group/set', { sid, number: oneWay.number, invite_code: 'news' });
  });

  describe('/group/invite/check', () => {
    it('says what a stranger may know', async () => {
      expect((await call('/group/invite/check', { invite_code: ' HIKE-RS ' })).body).to.deep.equal({
        status: 'OK',
        name: 'Hikers',
        reply_to_owner: 0,
        disable_who: 1,
      });
      const { body } = await call('/group/invite/check', { invite_code: 'news' });
      expect(body).to.include({ reply_to_owner: 1, disable_who: 0 });
    });

    it('answers MISSING_FIELDS and NOT_FOUND', async () => {
      const missing = refusal('MISSING_FIELDS', ['invite_code']);
      expect((await call('/group/invite/check', { invite_code: ' ' })).body).to.deep.equal(missing);
      expect((await call('/group/invite/check', { invite_code: 'hikers' })).body).to.deep.equal(refusal('NOT_FOUND'));
    });
  });

  describe('calls from one address', () => {
    const calls: [string, Params, string, Params][] = [
      ['/group/join', { ...good, invite_code: 'none' }, 'NOT_FOUND', { ...good, number: '12' }],
      ['/group/join', { invite_code: 'none', number: '12' }, 'MISSING_FIELDS', { invite_code: 'none' }],
      ['/group/invite/check', { invite_code: 'none' }, 'NOT_FOUND', {}],
      ['/group/list', { search: 'xx' }, 'SHORT_SEARCH', {}],
    ];
    for (const [at, [path, params, error, uncounted]] of calls.entries()) {
      it(`${path} that answer ${error} are throttled after 20 a minute`, async () => {
        const address = `192.0.2.${at + 70}`;
        if (path !== '/group/list') await call(path, uncounted, address);
        for (let times = 0; times < 20; times++) {
          expect((await call(path, params, address)).body.error_type).to.equal(error);
        }
        const { body, headers } = await call(path, params, address);
        expect(body).to.deep.equal(refusal('THROTTLE'));
        expect(Number(headers.get('retry-after'))).to.be.within(1, 60);
        expect((await call(path, params, `192.0.2.${at + 80}`)).body.error_type).to.equal(error);
      });
    }
  });

  it('counts the /64s of one /48 together, at four times the limit', async () => {
    const check = async (address: string) =>
      (await call('/group/invite/check', { invite_code: 'none' }, address)).body.error_type;
    const answers: unknown[] = [];
    for (let at = 0; at < 100; at++) answers.push(await check(`2001:db8:7:${at % 5}::${at}`));
    expect(answers.filter((answer) => answer === 'NOT_FOUND')).to.have.length(80);
    expect(answers.filter((answer) => answer === 'THROTTLE')).to.have.length(20);
    expect(await check('2001:db8:8::1')).to.equal('NOT_FOUND');
  });

  it('is 503 while Redis is unavailable, as a check is; the list goes on uncounted', async () => {
    const { config } = world.runtime;
    const gate = await openGate(config.REDIS_URL);
    gate.cut();
    const runtime = await openRuntime({ ...config, REDIS_URL: gate.url }, { process: 'web' });
    const api = await listen(createApp(runtime), { port: 0, host: '127.0.0.1' });
    try {
      const get = async (path: string) => {
        const answer = await fetch(`http://127.0.0.1:${api.port}${path}`);
        return { http: answer.status, retry: answer.headers.get('retry-after'), body: (await answer.json()) as Params };
      };
      for (const path of [
        `/group/join?invite_code=none&number=${cid.slice(2)}`,
        '/group/invite/check?invite_code=news',
      ]) {
        const { http, retry, body } = await get(path);
        expect([http, body.error_type]).to.deep.equal([503, 'UNAVAILABLE']);
        expect(Number(retry)).to.be.greaterThan(0);
      }
      expect((await get('/group/list')).body).to.deep.equal({ status: 'OK', groups: [] });
    } finally {
      await api.stop();
      await runtime.close();
      await gate.close();
    }
  });
});
