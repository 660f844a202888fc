import { expect } from 'chai';
import { row } from '../../../db/connect.ts';
import { STATEMENTS } from '../../../db/connection.ts';
import { readMessages } from '../../../db/messages/message-reading.ts';
import { findPerson } from '../../../db/people/people.ts';
import { findSession } from '../../../engine/people/sessions.ts';
import type { Cursor } from '../../../engine/usecases/events/cursor.ts';
import type { AppEvent } from '../../../engine/usecases/events/events.ts';
import { openListeners } from '../../../engine/usecases/events/listeners.ts';
import { type Beginning, readEvents } from '../../../engine/usecases/events/read-events.ts';
import { openChance } from '../../support/chance.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { until } from '../../support/rows.ts';
import { openSid } from '../../support/session.ts';
import { type Asked, statementsDuring } from '../../support/statements.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('listeners of one group', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false, env: { TRIAL_BALANCE: '1000000' } });
  });
  after(() => world?.close());

  const say = (group: TestGroup, name: string, text: string) =>
    world.text(group.phones[name] ?? '', group.number, text);

  /** What somebody is told from now on, or after a cursor; `full` while they take nothing more. */
  async function listen(group: TestGroup, name: string, after: Cursor | Beginning = 'now') {
    const session = await findSession(world.runtime, await openSid(world, group.phones[name] ?? ''));
    if (session === null) throw new Error('nobody has this sid');
    const events: AppEvent[] = [];
    const line = { events, full: false, cursor: null as Cursor | null, stop: () => stop() };
    const stop = world.runtime.use(openListeners).add({
      ...{ session, after },
      take(steps, cursor) {
        events.push(...steps.map(({ event }) => event));
        line.cursor = cursor;
        return !line.full;
      },
      isFull: () => line.full,
      beat: () => undefined,
      end: () => undefined,
    });
    await until(`${name} listens`, async () => line.cursor !== null);
    return line;
  }
  const saidTo = ({ events }: { events: readonly AppEvent[] }) => events.flatMap(({ message }) => message?.txt ?? []);
  const hasHeard = (lines: readonly { events: readonly AppEvent[] }[], text: string) =>
    until(`all hear ${text}`, async () => lines.every((line) => saidTo(line).includes(text)));

  it('cost as many statements as one of them, whatever happens', async () => {
    const names = Array.from({ length: 24 }, (_, at) => `Member${at}`);
    const group = await startGroup(world, names, { quiet: false });
    const [owner = '', sender = '', ...others] = names;
    /** Those of reading: whether something has happened is asked by the clock. */
    async function statementsOf(act: () => Promise<unknown>): Promise<number> {
      const asked = await statementsDuring(act);
      return asked.filter(({ text }) => /AS place|AS since|AS untilMessage/.test(text)).length;
    }
    const counts: number[][] = [];
    for (const some of [others.slice(0, 1), others]) {
      const lines = await Promise.all(some.map((name) => listen(group, name)));
      const of: number[] = [];
      of.push(
        await statementsOf(async () => {
          await say(group, sender, `To ${some.length}`);
          await hasHeard(lines, `${sender}: To ${some.length}`);
        }),
      );
      of.push(
        await statementsOf(async () => {
          await say(group, owner, `*group Friends of ${some.length}`);
          await until('all hear of it', async () =>
            lines.every(({ events }) => events.some(({ type }) => type === 'group.changed')),
          );
        }),
      );
      counts.push(of);
      for (const { stop } of lines) stop();
    }
    expect(counts[1]).to.deep.equal(counts[0]);
    expect(counts[0]).to.deep.equal([3, 3]);
  });

  it('see what /message/get shows each of them, while members come, go, and talk to one alone', async () => {
    const names = ['Ann', 'Bob', 'Cid', 'Dan', 'Eva'];
    const group = await startGroup(world, names, { quiet: false });
    const readers = await Promise.all(
      names.map(async (name) => {
        const personId = (await findPerson(world.runtime.db, group.phones[name] ?? ''))?.id ?? 0;
        return { name, personId, after: 'start' as Cursor | Beginning, ids: [] as number[] };
      }),
    );
    const gone = new Set<string>();
    const chance = openChance(17);
    const one = <T>(all: readonly T[]) => all[Math.floor(chance() * all.length)] as T;
    for (let turn = 0; turn < 60; turn++) {
      const [name, to] = [one(names), one(names)];
      const kind = one(['say', 'say', 'whisper', 'whisper', 'leave', 'return', 'read']);
      if (kind === 'leave' && name !== 'Ann') {
        await say(group, name, '*bye');
        gone.add(name);
      } else if (kind === 'return') {
        await say(group, name, '*hi');
        gone.delete(name);
      } else if (kind === 'whisper' && to !== name) await say(group, name, `*to ${to} ${turn} for you alone`);
      else if (kind === 'say' && !gone.has(name)) await say(group, name, `${turn} for all`);
      if (kind !== 'read') continue;
      await Promise.all(readers.map(readOn));
    }
    await Promise.all(readers.map(readOn));
    for (const { name, personId, ids } of readers) {
      const place = await row<{ membershipId: number; groupId: number }>(
        world.runtime.db,
        'SELECT id AS membershipId, group_id AS groupId FROM memberships WHERE person_id = ? AND group_id = ?',
        [personId, group.id],
      );
      if (place === undefined) throw new Error(`${name} is no member`);
      const shown = await readMessages(world.runtime.db, { ...place, from: 1, to: 1_000, limit: 1_000 });
      expect(ids, name).to.deep.equal(shown.map(({ id }) => id));
      expect(ids.length, name).to.be.greaterThan(5);
    }
    expect(new Set(readers.map(({ ids }) => ids.join())).size).to.equal(names.length);

    async function readOn(reader: (typeof readers)[number]): Promise<void> {
      const { steps, cursor } = await readEvents(world.runtime, reader, { after: reader.after, limit: 1_000 });
      reader.ids.push(...steps.flatMap(({ event }) => event.message?.id ?? []));
      reader.after = cursor;
    }
  });

  it('who is far behind catches up alone, while the others hear only what is new', async () => {
    const names = ['Ann', 'Bob', 'Cid', 'Dan'];
    const group = await startGroup(world, names, { quiet: false });
    const texts = Array.from({ length: 230 }, (_, at) => `Number ${at}`);
    for (const text of texts) await say(group, 'Bob', text);
    const lines = [await listen(group, 'Ann'), await listen(group, 'Cid')];
    const asked = await statementsDuring(async () => {
      const late = await listen(group, 'Dan', 'start');
      await say(group, 'Bob', 'And now');
      await hasHeard([...lines, late], 'Bob: And now');
      expect(saidTo(late)).to.deep.equal([...texts, 'And now'].map((text) => `Bob: ${text}`));
    });
    for (const line of lines) expect(saidTo(line)).to.deep.equal(['Bob: And now']);
    const shared = asked.filter(({ text }) => text.includes('AS place') && text.includes('FROM messages m'));
    expect(shared).to.not.have.length(0);
    for (const { values } of shared) expect(Number(values[3]) - Number(values[2])).to.be.lessThan(100);
  });

  it('are not ended for having come while the sessions of the others were looked at', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    const session = await findSession(world.runtime, await openSid(world, group.phones.Bob ?? ''));
    if (session === null) throw new Error('nobody has this sid');
    const first = await listen(group, 'Ann');
    const ended: string[] = [];
    const added: (() => void)[] = [];
    const add = (name: string) =>
      world.runtime.use(openListeners).add({
        ...{ session, after: 'now', take: () => true, isFull: () => false, beat: () => undefined },
        end: () => ended.push(name),
      });
    let looks = 0;
    const whileLooking = (statement: unknown) => {
      if (!(statement as Asked).text.includes('FROM sessions WHERE sid_hash IN')) return;
      looks += 1;
      if (looks === 1) added.push(add('came meanwhile'));
    };
    STATEMENTS.subscribe(whileLooking);
    await until('they are looked at again', async () => looks >= 2);
    STATEMENTS.unsubscribe(whileLooking);
    expect(ended).to.deep.equal([]);
    for (const stop of [...added, first.stop]) stop();
    expect(ended).to.deep.equal(['came meanwhile']);
  });

  it('who takes nothing more keeps nobody waiting, and goes on from where they were', async () => {
    const group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { quiet: false });
    const [bob, cid] = [await listen(group, 'Bob'), await listen(group, 'Cid')];
    cid.full = true;
    for (const text of ['One', 'Two', 'Three']) {
      await say(group, 'Ann', text);
      await hasHeard([bob], `Ann: ${text}`);
    }
    expect(saidTo(cid)).to.deep.equal([]);
    cid.full = false;
    await hasHeard([cid], 'Ann: Three');
    expect(saidTo(cid)).to.deep.equal(['Ann: One', 'Ann: Two', 'Ann: Three']);
    bob.stop();
    await say(group, 'Ann', 'Four');
    await hasHeard([cid], 'Ann: Four');
    const again = await listen(group, 'Bob', bob.cursor ?? 'now');
    await hasHeard([again], 'Ann: Four');
    expect(saidTo(again)).to.deep.equal(['Ann: Four']);
  });
});
