import { TypeCompiler } from '@sinclair/typebox/compiler';
import { expect } from 'chai';
import { eventsGet } from '../../api/endpoints/events.ts';
import { run } from '../../db/connect.ts';
import { tellLowBalances } from '../../engine/billing/low-balance.ts';
import { readCursor, writeCursor } from '../../engine/usecases/events/cursor.ts';
import type { AppEvent } from '../../engine/usecases/events/events.ts';
import { sendDue } from '../../engine/usecases/schedules.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { typeJson } from '../support/operator.ts';
import { openSid } from '../support/session.ts';
import { statementsOf } from '../support/statements.ts';
import { openWorkers, type Workers } from '../support/workers.ts';
import { openWorld, type World } from '../support/world.ts';

type Params = Record<string, unknown>;
const answerSchema = TypeCompiler.Compile(eventsGet.answer);

describe('/v1/events', () => {
  let world: World;
  let workers: Workers | undefined;
  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(async () => {
    await workers?.close();
    await world?.close();
  });

  const sidOf = (group: TestGroup, name: string) => openSid(world, group.phones[name] ?? '');
  const as = async (group: TestGroup, name: string, path: string, params: Params) => {
    const { body } = await world.call(path, { sid: await sidOf(group, name), ...params });
    expect(body.status, `${path} ${JSON.stringify(body)}`).to.equal('OK');
  };
  const say = (group: TestGroup, name: string, text: string) =>
    world.text(group.phones[name] ?? '', group.number, text);

  /** Somebody who reads on from where they were, until there is no more. */
  async function follow(group: TestGroup, name: string, from?: string) {
    return followWith({ sid: await sidOf(group, name) }, from);
  }
  async function followWith({ sid, key }: { sid?: string; key?: string }, from?: string) {
    let cursor = from;
    async function page(limit = 100): Promise<{ events: AppEvent[]; more: number }> {
      const params = { limit, ...(cursor === undefined ? {} : { cursor }), ...(sid === undefined ? {} : { sid }) };
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const { body } = await world.call('/v1/events', params, { headers });
      const { status, ...answer } = body;
      expect(status, JSON.stringify(body)).to.equal('OK');
      expect([...answerSchema.Errors(answer)]).to.deep.equal([]);
      cursor = String(answer.cursor);
      return answer as { events: AppEvent[]; more: number };
    }
    async function read(limit?: number): Promise<AppEvent[]> {
      const events: AppEvent[] = [];
      for (let more = 1; more === 1; ) {
        const next = await page(limit);
        events.push(...next.events);
        more = next.more;
      }
      return events;
    }
    if (from === undefined) expect(await read()).to.deep.equal([]);
    return { read, cursor: () => cursor ?? '' };
  }

  /** An event in a few words. */
  const brief = (event: AppEvent) =>
    [event.type, event.message?.txt ?? event.message_id, event.member?.name, event.changed?.join()]
      .filter((part) => part !== undefined)
      .join(' ');
  const logOnly = (events: AppEvent[]) => events.filter(({ type }) => type !== 'message.delivery').map(brief);

  it('tells of members and settings in order, also in pages of one', async () => {
    const group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { quiet: false });
    const { Bob = '', Cid = '' } = group.phones;
    const [ann, one, cid] = [await follow(group, 'Ann'), await follow(group, 'Ann'), await follow(group, 'Cid')];
    const { number } = group;
    await say(group, 'Ann', 'First');
    await as(group, 'Ann', '/member/add', { group: number, name: 'Dan', number: '+14445550777' });
    await say(group, 'Bob', '*name Rob');
    await say(group, 'Bob', 'Second');
    await say(group, 'Bob', '*bye');
    await say(group, 'Bob', '*hi');
    await as(group, 'Ann', '/group/set', { number, description: 'Fridays', notify_on_add: 1 });
    await as(group, 'Ann', '/member/remove', { group: number, number: Cid });
    await say(group, 'Ann', 'Third');
    const expected = [
      'message.accepted Ann: First',
      'member.joined Dan',
      'member.renamed Rob',
      'message.accepted Rob: Second',
      'member.left Rob',
      'member.joined Rob',
      'group.changed notify_on_add,description',
      'member.removed Cid',
      'message.accepted Ann: Third',
    ];
    const all = await ann.read();
    expect(logOnly(all)).to.deep.equal(expected);
    expect(all.find(({ type }) => type === 'member.left')?.member).to.deep.equal({ name: 'Rob', number: Bob });
    expect(logOnly(await one.read(1))).to.deep.equal(expected);
    expect(logOnly(await cid.read())).to.deep.equal(['group.gone']);
    // Who came later has seen nothing of before; who was away has not seen what they missed.
    const dan = await follow({ ...group, phones: { Dan: '+14445550777' } }, 'Dan', 'start');
    expect(logOnly(await dan.read())).to.deep.equal(expected.slice(1));
    const bob = await follow(group, 'Bob', 'start');
    expect(logOnly(await bob.read()).slice(-6)).to.deep.equal(expected.slice(-6));
  });

  it('shows nobody more of the members than /member/groups does', async () => {
    const group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { quiet: false });
    const { number } = group;
    await as(group, 'Ann', '/group/set', { number, disable_who: 1 });
    const [ann, bob] = [await follow(group, 'Ann'), await follow(group, 'Bob')];
    await say(group, 'Cid', '*name Sid');
    await say(group, 'Bob', '*name Rob');
    await say(group, 'Ann', '*name Anna');
    await say(group, 'Cid', 'Who am I?');
    const told = await bob.read();
    expect(logOnly(told)).to.deep.equal([
      'member.renamed Rob',
      'member.renamed Anna',
      'message.accepted Sid: Who am I?',
    ]);
    expect(told.at(-1)?.message).to.include({ name: 'Sid' }).and.not.have.property('from');
    expect(logOnly(await ann.read())).to.have.length(4);
  });

  it('shows what is for one alone, and what it is reacted with, to its two ends', async () => {
    const group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { quiet: false });
    const readers = await Promise.all(['Ann', 'Bob', 'Cid'].map((name) => follow(group, name)));
    await say(group, 'Bob', '*to Cid Just for you');
    await say(group, 'Cid', 'Liked “Bob: Just for you”');
    const [ann = [], bob = [], cid = []] = await Promise.all(readers.map((reader) => reader.read()));
    expect(ann).to.deep.equal([]);
    expect(cid.map(({ type }) => type)).to.deep.equal(['message.accepted', 'message.reaction']);
    expect(bob.map(({ type }) => type)).to.deep.equal(['message.accepted', 'message.reaction']);
    expect(cid.at(-1)?.reactions).to.deep.equal([{ reaction: '👍', count: 1 }]);
    const cursor = readCursor(readers[0]?.cursor() ?? '');
    const [membershipId = 0] = cursor?.places.keys() ?? [];
    // A cursor that asks for more than was told gets no more.
    const forged = cursor && writeCursor({ ...cursor, open: [{ membershipId, messageId: 1, told: 0 }] });
    expect(await (await follow(group, 'Ann', forged ?? '')).read()).to.deep.equal([]);
  });

  it('tells the owner of schedules, and of a balance that runs low', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    const [ann, bob] = [await follow(group, 'Ann'), await follow(group, 'Bob')];
    const { db } = world.runtime;
    await as(group, 'Ann', '/message/schedule', { number: group.number, message: 'Now', when: '2099-01-01 10:00:00' });
    await as(group, 'Ann', '/message/schedule', { number: group.number, message: 'Late', when: '2099-01-02 10:00:00' });
    await run(db, "UPDATE schedules SET send_at = NOW(3) - INTERVAL 1 SECOND WHERE group_id = ? AND text = 'Now'", [
      group.id,
    ]);
    await run(db, "UPDATE schedules SET send_at = NOW(3) - INTERVAL 2 HOUR WHERE group_id = ? AND text = 'Late'", [
      group.id,
    ]);
    await sendDue(world.runtime);
    const owners = await ann.read();
    expect(logOnly(owners)).to.have.members(['schedule.dropped', 'message.accepted Ann: Now', 'schedule.sent 1']);
    expect(logOnly(await bob.read())).to.deep.equal(['message.accepted Ann: Now']);
    await run(
      db,
      'UPDATE accounts a JOIN people p ON p.id = a.person_id SET a.low_at = a.balance + 1 WHERE p.phone = ?',
      [group.phones.Ann ?? ''],
    );
    await tellLowBalances(world.runtime);
    expect((await ann.read()).filter(({ type }) => type === 'account.low')).to.have.length(1);
    expect((await ann.read()).filter(({ type }) => type === 'account.low')).to.have.length(0);
  });

  it('shows a key the groups that its owner owns, or its one, and no account', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    const { phones } = group;
    const second = await startGroup(world, ['Ann', 'Bob'], { name: 'Second', phones, quiet: false });
    const bobs = await startGroup(world, ['Bob', 'Ann'], { name: 'Bobs', phones, quiet: false });
    const env = { MYSQL_URL: world.runtime.config.MYSQL_URL };
    const make = async (how: string) =>
      ((await typeJson(`key create ${phones.Ann} read ${how}`, env)) as { key: string }).key;
    const [all, one] = [
      await followWith({ key: await make('All') }),
      await followWith({ key: await make(`One --group ${second.id}`) }),
    ];
    for (const { number } of [group, second, bobs]) await world.text(phones.Bob ?? '', number, `To ${number}`);
    await run(
      world.runtime.db,
      'UPDATE accounts a JOIN people p ON p.id = a.person_id SET a.times_low = a.times_low + 1 WHERE p.phone = ?',
      [phones.Ann ?? ''],
    );
    const groupsOf = (events: AppEvent[]) => new Set(events.map((event) => event.group));
    expect(groupsOf(await all.read())).to.deep.equal(new Set([group.number, second.number]));
    expect(groupsOf(await one.read())).to.deep.equal(new Set([second.number]));
  });

  it('leaves nothing out and tells nothing twice while groups change in the same instant', async () => {
    const phones = Object.fromEntries(['Ann', 'Bob', 'Cid'].map((name, at) => [name, `+1444555300${at}`]));
    const groups: TestGroup[] = [];
    for (const name of ['Red', 'Green', 'Blue'])
      groups.push(await startGroup(world, ['Ann', 'Bob', 'Cid'], { name, phones, quiet: false }));
    const [first] = groups as [TestGroup];
    const reader = await follow(first, 'Ann');
    const seen: AppEvent[] = [];
    let busy = true;
    const reading = (async () => {
      while (busy) seen.push(...(await reader.read(7)));
      seen.push(...(await reader.read()));
    })();
    const acts = groups.flatMap((group) =>
      Array.from({ length: 12 }, async (_, at) => {
        const name = ['Ann', 'Bob', 'Cid'][at % 3] ?? '';
        if (at === 5) await say(group, 'Bob', '*bye');
        else if (at === 7) await say(group, 'Cid', '*name Sid');
        else await say(group, name, `${name} says ${at}`);
      }),
    );
    await Promise.all(acts);
    busy = false;
    await reading;
    for (const group of groups) {
      const { body } = await world.call('/message/get', { sid: await sidOf(group, 'Ann'), number: group.number });
      const ids = (body.messages as { id: number }[]).map(({ id }) => id);
      const here = seen.filter((event) => event.group === group.number);
      expect(here.flatMap(({ message }) => message?.id ?? [])).to.deep.equal(ids);
      for (const type of ['member.left', 'member.renamed'])
        expect(
          here.filter((event) => event.type === type),
          type,
        ).to.have.length(1);
    }
  });

  it('looks at all groups of an idle reader in one statement, and refuses what is no cursor, or too old', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    const ann = await follow(group, 'Ann');
    const asked = await statementsOf(() => ann.read());
    // What was said before goes its way meanwhile.
    expect(asked.filter((text) => /last_event_id|group_events|message_id AS id|worst/.test(text))).to.have.length(1);
    const sid = await sidOf(group, 'Ann');
    const cursor = readCursor(ann.cursor());
    const old = cursor && writeCursor({ ...cursor, at: cursor.at - 31 * 86_400 });
    for (const wrong of ['x', 'a', old]) {
      const { http, body } = await world.call('/v1/events', { sid, cursor: wrong });
      expect([http, body.error_subtype]).to.deep.equal([400, 'cursor']);
    }
    for (const limit of [0, 1001]) expect((await world.call('/v1/events', { sid, limit })).http).to.equal(400);
  });

  it('tells those whom a message is for, and its sender and the owner what became of it, once', async () => {
    const group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { quiet: false });
    const [ann, bob, cid] = [await follow(group, 'Ann'), await follow(group, 'Bob'), await follow(group, 'Cid')];
    workers = await openWorkers(world, { clock: true });
    await say(group, 'Bob', 'Hello');
    await say(group, 'Bob', '*to Cid Just for you');
    await world.quiet();
    const seen = await bob.read();
    expect(seen[0]).to.deep.include({ type: 'message.accepted', group: group.number });
    expect(seen[0]?.message).to.deep.include({ id: 1, txt: 'Bob: Hello', name: 'Bob', mine: 1 });
    expect(seen[0]?.message?.from).to.equal(group.phones.Bob);
    const counts = { waiting: 0, sent: 0, delivered: 2, failed: 0, skipped: 0 };
    const told = (events: AppEvent[]) =>
      events.filter(({ type }) => type === 'message.delivery').map((event) => [event.message_id, event.counts]);
    expect(told(seen)).to.deep.equal([
      [1, counts],
      [2, { ...counts, delivered: 1 }],
    ]);
    expect(told(await ann.read())).to.deep.equal([[1, counts]]);
    const others = await cid.read();
    expect(others.map(({ type }) => type)).to.deep.equal(['message.accepted', 'message.accepted']);
    expect(others[0]?.message).to.not.have.property('mine');
    for (const reader of [ann, bob, cid]) expect(await reader.read()).to.deep.equal([]);
    expect(readCursor(bob.cursor())?.open).to.deep.equal([]);
  });
});
