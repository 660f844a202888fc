import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { expect } from 'chai';
import { createApp } from '../../api/app.ts';
import { openLine } from '../../api/event-stream.ts';
import { listen } from '../../api/listen.ts';
import { revokeApiKey } from '../../db/people/api-keys.ts';
import { findPerson } from '../../db/people/people.ts';
import { makeApiKey } from '../../engine/people/api-keys.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

type Told = { id: string; event: { type: string; message?: { txt: string } } | null };

describe('/v1/events as a stream', () => {
  let world: World;
  let group: TestGroup;
  let open: ClientRequest[] = [];
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
  });
  afterEach(() => {
    for (const one of open) one.destroy();
    open = [];
  });
  after(() => world?.close());

  async function listenAs(secret: string, { last, url = world.url }: { last?: string; url?: string } = {}) {
    const headers = {
      accept: 'text/event-stream',
      authorization: `Bearer ${secret}`,
      ...(last === undefined ? {} : { 'last-event-id': last }),
    };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(`${url}/v1/events`, { headers, agent: false }, resolve);
      open.push(asked);
      asked.on('error', reject);
      asked.end();
    });
    response.setEncoding('utf8');
    const parts = response.iterator({ destroyOnReturn: false });
    let text = '';
    /** The next block that has an id; null at the end of the stream. */
    async function next(): Promise<Told | null> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const id = /^id: (.*)$/m.exec(block)?.[1];
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (id !== undefined) return { id, event: data === undefined ? null : JSON.parse(data) };
          continue;
        }
        const { value, done } = await parts.next();
        if (done === true) return null;
        text += value;
      }
    }
    return { response, next, stop: () => response.destroy() };
  }
  const sidOf = (name: string) => openSid(world, group.phones[name] ?? '');
  const say = (name: string, text: string) => world.text(group.phones[name] ?? '', group.number, text);

  it('tells what happens as it happens, and goes on from the last id', async () => {
    const sid = await sidOf('Bob');
    const first = await listenAs(sid);
    expect(first.response.headers['content-type']).to.equal('text/event-stream; charset=utf-8');
    const begun = await first.next();
    expect(begun?.event).to.equal(null);
    await say('Ann', 'One');
    const one = await first.next();
    expect(one?.event?.message?.txt).to.equal('Ann: One');
    first.stop();
    await say('Ann', 'Two');
    const second = await listenAs(sid, { last: one?.id ?? '' });
    expect((await second.next())?.event?.message?.txt).to.equal('Ann: Two');
    await say('Ann', 'Three');
    expect((await second.next())?.event?.message?.txt).to.equal('Ann: Three');
    const again = await listenAs(sid, { last: begun?.id ?? '' });
    const texts = [await again.next(), await again.next(), await again.next()].map((told) => told?.event?.message?.txt);
    expect(texts).to.deep.equal(['Ann: One', 'Ann: Two', 'Ann: Three']);
  });

  it('tells of a group that somebody came into meanwhile', async () => {
    const newcomer = '+14445550888';
    const stream = await listenAs(await openSid(world, newcomer));
    await stream.next();
    await world.call('/member/add', { sid: await sidOf('Ann'), group: group.number, name: 'Dan', number: newcomer });
    expect((await stream.next())?.event?.type).to.equal('member.joined');
  });

  it('ends when its session is logged out, or its key revoked', async () => {
    const sid = await sidOf('Ann');
    const { db } = world.runtime;
    const personId = (await findPerson(db, group.phones.Ann ?? ''))?.id ?? 0;
    const { id, key } = await makeApiKey(db, { personId, groupId: null, access: 'read', name: 'Bot', now: new Date() });
    const [bySid, byKey] = [await listenAs(sid), await listenAs(key)];
    await Promise.all([bySid.next(), byKey.next()]);
    await world.call('/member/logout', { sid });
    expect(await bySid.next()).to.equal(null);
    await revokeApiKey(db, { id, now: new Date() });
    expect(await byKey.next()).to.equal(null);
  });

  it('is refused without a session, for a bad cursor, and beyond 20 of one session', async () => {
    expect((await listenAs('nobody')).response.statusCode).to.equal(401);
    const sid = await sidOf('Ann');
    expect((await listenAs(sid, { last: 'x' })).response.statusCode).to.equal(400);
    const streams = await Promise.all(Array.from({ length: 20 }, () => listenAs(sid)));
    expect(streams.map(({ response }) => response.statusCode)).to.deep.equal(Array(20).fill(200));
    const { response } = await listenAs(sid);
    expect(response.statusCode).to.equal(503);
    expect(response.headers['retry-after']).to.match(/^\d+$/);
  });

  it('lets a server stop', async () => {
    const api = await listen(createApp(world.runtime), { port: 0, host: '127.0.0.1' });
    const stream = await listenAs(await sidOf('Bob'), { url: `http://127.0.0.1:${api.port}` });
    await stream.next();
    await api.stop();
    expect(await stream.next()).to.equal(null);
  });
});

describe('the line of a listener', () => {
  function lineWith() {
    const written: string[] = [];
    const response = {
      writableLength: 0,
      writableEnded: false,
      destroyed: false,
      write: (text: string) => written.push(text) > 0,
      end: () => Object.assign(response, { writableEnded: true }),
      destroy: () => Object.assign(response, { destroyed: true }),
    };
    let at = 0;
    const line = openLine(response as never, () => at);
    return { response, written, line, pass: (ms: number) => (at += ms) };
  }
  const nowhere = { at: 0, low: 0, places: new Map(), open: [] };

  it('shows that it lives, with the place to go on from once that is known', () => {
    const { line, written, pass } = lineWith();
    pass(16_000);
    line.beat();
    expect(written).to.deep.equal([':\n\n']);
    line.take([], nowhere);
    pass(16_000);
    line.beat();
    expect(written).to.have.length(3);
    expect(written[1])
      .to.match(/^id: \S+\n\n$/)
      .and.equal(written[2]);
  });

  it('is cut off where nobody reads for 10 seconds, and not where somebody reads slowly', () => {
    const { line, response, pass } = lineWith();
    response.writableLength = 70_000;
    line.beat();
    expect(line.isFull()).to.equal(true);
    pass(9_000);
    response.writableLength = 10;
    line.beat();
    response.writableLength = 70_000;
    line.beat();
    pass(9_000);
    line.beat();
    expect(response.destroyed).to.equal(false);
    pass(2_000);
    line.beat();
    expect(response.destroyed).to.equal(true);
  });

  it('ends within an hour, so that the client comes to any process', () => {
    const { line, response, pass } = lineWith();
    pass(3_600_000);
    line.beat();
    expect(response.writableEnded).to.equal(true);
    line.take([], nowhere);
  });
});
