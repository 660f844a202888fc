import { expect } from 'chai';
import { pino } from 'pino';
import { createApp } from '../api/app.ts';
import { type Listening, listen } from '../api/listen.ts';
import { row, run } from '../db/connect.ts';
import { keys } from '../engine/platform/keys.ts';
import { budgetNames } from '../engine/rules/budgets.ts';
import { eachOf } from './hostile/each.ts';
import { defaultBudgets } from './support/default-budgets.ts';
import { eventsOf } from './support/events.ts';
import { startGroup, type TestGroup } from './support/group.ts';
import { runtimeWith } from './support/runtime.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

/**
 * All budgets at once, as an operator has them who sets nothing. The tests follow each other: each uses up one budget, of
 * what those before it have left.
 */
describe('with the default budgets', function () {
  this.timeout(240_000);
  let world: World;
  let second: Listening;
  let friends: TestGroup & { ann: string; bob: string };
  /** Of both processes. */
  const alarms: string[] = [];
  let counted = 0;
  before(async () => {
    world = await openWorld({ env: { ...defaultBudgets, TRUST_PROXY: '1' } });
    const log = pino({ level: 'error' }, { write: (line) => void alarms.push(JSON.parse(line).budget) });
    world.runtime.log = log;
    second = await listen(createApp(runtimeWith(world.runtime, { log })), { port: 0, host: '127.0.0.1' });
    const group = await startGroup(world, ['Ann', 'Bob'], { areaCode: '471' });
    const [ann = '', bob = ''] = [group.phones.Ann, group.phones.Bob];
    await world.text(bob, group.number, 'Hi');
    const sid = await openSid(world, ann);
    await world.call('/group/set', { sid, number: group.number, invite_code: 'friends-1' });
    friends = { ...group, ann, bob };
    // Ann was asked, and Bob welcomed.
    await expectMore(2);
  });
  after(async () => {
    await second?.stop();
    await world.close();
  });

  let phones = 0;
  /** Of a prefix of its own. */
  const newPhone = () => `+1472${2_000_000 + ((10_007 * ++phones) % 8_000_000)}`;
  let calls = 0;
  /** Of both processes in turns. */
  async function from(address: string, path: string, params: Record<string, string>): Promise<string> {
    const at = ++calls % 2 === 0 ? `http://127.0.0.1:${second.port}` : world.url;
    const answer = await fetch(`${at}${path}`, {
      method: 'POST',
      body: new URLSearchParams(params),
      headers: { 'x-forwarded-for': address },
    });
    const body = (await answer.json()) as { error_type?: string; error_subtype?: string };
    // A machine that is too busy for the time of a request: nothing was done, and the same is asked again.
    return body.error_type === 'UNAVAILABLE' ? from(address, path, params) : (body.error_type ?? 'OK');
  }
  const create = (address: string, creator: string) =>
    from(address, '/group/create', {
      ...{ group: 'Win', name: 'Mal', number: creator, name_0: 'Bob', number_0: newPhone() },
    });
  const register = (address: string, number: string) =>
    from(address, '/device/register', { number, type: 'android', token: `token-${++phones}` });

  /** Four at once; how often each was answered. */
  async function countAnswers(asks: readonly (() => Promise<string>)[]): Promise<Record<string, number>> {
    const answers: Record<string, number> = {};
    await eachOf(asks, 4, async (ask) => {
      const answer = await ask();
      answers[answer] = (answers[answer] ?? 0) + 1;
    });
    return answers;
  }
  const times = <T>(count: number, make: (at: number) => T) => Array.from({ length: count }, (_, at) => make(at));

  /** As many more first texts have gone out, and not one more. */
  async function expectMore(more: number): Promise<void> {
    counted += more;
    await world.quiet();
    const { db } = world.runtime;
    const texts = await row<{ kept: number; sent: number }>(
      db,
      `SELECT COUNT(*) AS kept, SUM(d.state IN ('sent', 'delivered')) AS sent
       FROM first_texts f JOIN deliveries d ON d.message_id = f.message_id AND d.person_id = f.person_id WHERE f.counted_at IS NOT NULL`,
    );
    expect([texts?.kept, Number(texts?.sent)]).to.deep.equal([counted, counted]);
  }

  it('one address makes 30 groups an hour', async () => {
    const asks = times(35, () => () => create('10.5.0.1', newPhone()));
    expect(await countAnswers(asks)).to.deep.equal({ OK: 30, TOO_MANY_PENDING_GROUPS: 5 });
    await expectMore(30);
  });

  it('a /48 makes 120, however many its /64s are', async () => {
    const asks = times(130, (at) => () => create(`2001:db8:7:${at}::1`, newPhone()));
    expect(await countAnswers(asks)).to.deep.equal({ OK: 120, TOO_MANY_PENDING_GROUPS: 10 });
    await expectMore(120);
  });

  it('one phone gets 3 a day, and 10 in 30 days, from whatever address', async () => {
    const vera = newPhone();
    const { db } = world.runtime;
    for (const left of [3, 3, 3, 1]) {
      const asks = times(4, (at) => () => create(`10.6.${phones}.${at}`, vera));
      expect(await countAnswers(asks)).to.deep.equal({ OK: left, TOO_MANY_PENDING_GROUPS: 4 - left });
      expect(await register('10.6.1.1', vera)).to.equal('THROTTLE');
      await expectMore(left);
      // The groups lapse meanwhile.
      await run(
        db,
        'UPDATE `groups` g JOIN people p ON p.id = g.owner_id SET g.created_at = g.created_at - INTERVAL 80 HOUR WHERE p.phone = ?',
        [vera],
      );
      await run(
        db,
        'UPDATE first_texts f JOIN people p ON p.id = f.person_id SET f.counted_at = f.counted_at - INTERVAL 80 HOUR WHERE p.phone = ?',
        [vera],
      );
    }
    expect(world.textsTo(vera)).to.have.length(10);
  });

  it('phones of one prefix get 100 an hour', async () => {
    const asks = times(105, (at) => () => create(`10.7.0.${at}`, `+1475555${1000 + at}`));
    expect(await countAnswers(asks)).to.deep.equal({ OK: 100, TOO_MANY_PENDING_GROUPS: 5 });
    await expectMore(100);
  });

  const welcomed = () => world.texts().filter(({ to, text }) => to.startsWith('+1472') && text.includes('added you'));

  it('a member on trial has 250 people welcomed a day, and the others wait', async () => {
    for (let at = 0; at < 3; at++) {
      const names = ['Ann', ...times(100, (one) => `Friend ${one}`)];
      const known = { Ann: friends.ann, ...Object.fromEntries(names.slice(1).map((name) => [name, newPhone()])) };
      await startGroup(world, names, { name: `Large ${at}`, phones: known });
    }
    // Bob was the first.
    await expectMore(249);
    expect(welcomed()).to.have.length(249);
    const waiting = await row<{ count: number }>(
      world.runtime.db,
      'SELECT COUNT(*) AS count FROM messages WHERE pending = 3',
    );
    expect(waiting?.count).to.equal(51);
  });

  it('all strangers have 1,000 an hour, whatever way they go', async () => {
    const inHour = await row<{ count: number }>(
      world.runtime.db,
      'SELECT COUNT(*) AS count FROM first_texts WHERE counted_at > NOW(3) - INTERVAL 1 HOUR',
    );
    const left = 1_000 - (inHour?.count ?? 0);
    expect(left).to.equal(1_000 - (counted - 10));
    const members = welcomed().map(({ to }) => to);
    const ways = [
      (address: string) => create(address, newPhone()),
      (address: string) =>
        from(address, '/group/join', { invite_code: 'friends-1', name: `N ${++phones}`, number: newPhone() }),
      (address: string) => register(address, newPhone()),
      (address: string) => from(address, '/member/find', { number: members.pop() ?? '' }),
    ] as const;
    const asks = times(left + 20, (at) => () => (ways[at % 4] ?? ways[0])(`10.8.${at >> 8}.${at & 255}`));
    const { OK: ok, ...refused } = await countAnswers(asks);
    expect(ok).to.equal(left);
    expect(Object.keys(refused).sort()).to.deep.equal(['THROTTLE', 'TOO_MANY_PENDING_GROUPS']);
    await expectMore(left);
    for (const way of ways) expect(await way('10.9.9.9')).to.be.oneOf(['THROTTLE', 'TOO_MANY_PENDING_GROUPS']);
  });

  it('members who are known get PINs, texts and answers while nothing is left for strangers', async () => {
    const { ann, bob, number } = friends;
    const before = world.textsTo(bob).length;
    expect(await from('10.9.9.8', '/member/find', { number: bob })).to.equal('OK');
    const [pin] = (await world.inbox(bob, before + 1)).slice(before);
    expect(pin?.text).to.match(/^Your PIN is \d{6}/);
    await world.text(ann, number, 'Still there?');
    await world.text(bob, number, '*who');
    const texts = (await world.inbox(bob, before + 3)).slice(before).map(({ text }) => text);
    expect(texts.some((text) => text === 'Ann: Still there?')).to.equal(true);
    expect(texts.some((text) => /Ann \(owner\)|Ann.*owner/.test(text))).to.equal(true);
    await expectMore(0);
  });

  it('each budget that is empty says so by one line an hour, whichever process meets it, and by its metric', async () => {
    expect(alarms.toSorted()).to.deep.equal(budgetNames.toSorted());
    for (const budget of budgetNames) {
      expect(await eventsOf(world.runtime, `budget:${budget}`, 1)).to.be.at.least(1);
      expect(await world.runtime.redis.ttl(keys.budgetAlarm(budget))).to.be.within(3_000, 3_600);
    }
    expect(await eventsOf(world.runtime, 'budget:address', 5)).to.equal(5);
    expect(await eventsOf(world.runtime, 'budget:network', 10)).to.equal(10);
    expect(await eventsOf(world.runtime, 'budget:prefix', 5)).to.equal(5);
    // The hour is over: a process that has not said it says it again.
    await world.runtime.redis.del(keys.budgetAlarm('hour'));
    const third = runtimeWith(world.runtime, {});
    const api = await listen(createApp(third), { port: 0, host: '127.0.0.1' });
    try {
      const ask = () =>
        fetch(`http://127.0.0.1:${api.port}/device/register`, {
          method: 'POST',
          body: new URLSearchParams({ number: newPhone(), type: 'android', token: `token-${++phones}` }),
          headers: { 'x-forwarded-for': '10.9.9.7' },
        });
      await ask();
      await ask();
      while (!alarms.slice(budgetNames.length).includes('hour'))
        await new Promise((resolve) => setTimeout(resolve, 20));
      expect(alarms.slice(budgetNames.length)).to.deep.equal(['hour']);
    } finally {
      await api.stop();
    }
  });
});
