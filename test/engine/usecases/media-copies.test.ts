import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { row, rows, run } from '../../../db/connect.ts';
import { deleteOldMedia } from '../../../engine/groups/media.ts';
import { deleteOld } from '../../../engine/groups/retention.ts';
import { forgetPerson } from '../../../engine/people/forget.ts';
import { readEvents } from '../../../engine/platform/events.ts';
import { INBOUND_BYTES } from '../../../engine/rules/media.ts';
import { copyMedia } from '../../../engine/usecases/media/copy.ts';
import { eventsOf } from '../../support/events.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { startProcess } from '../../support/process.ts';
import { until } from '../../support/rows.ts';
import { openSid } from '../../support/session.ts';
import { statementsDuring } from '../../support/statements.ts';
import { openWorkers } from '../../support/workers.ts';
import { openWorld, type World } from '../../support/world.ts';

const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64');

describe('pictures that come in by MMS', () => {
  let carrier: Awaited<ReturnType<typeof startMediaServer>>;
  let folder: string;
  let world: World;
  let group: TestGroup;
  before(async () => {
    carrier = await startMediaServer();
    folder = await mkdtemp(path.join(tmpdir(), 'media-'));
    world = await openWorld({ workers: false, env: { MEDIA_FOLDER: folder, KEEP_TEXTS_DAYS: '30', ...carrier.env } });
    const working = await openWorkers(world);
    group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { name: 'Hikers' });
    await working.close();
  });
  after(async () => {
    await world?.close();
    await carrier?.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await run(world.runtime.db, 'DELETE FROM media_copies');
    carrier.asked.length = 0;
    carrier.hold();
  });

  /** An MMS of Ann's. Returns its row of messages. */
  const send = (...names: string[]) => sendAs('Ann', ...names);
  const sendAs = async (who: string, ...names: string[]) => {
    const media = names.map((name) => (name.includes(':') ? name : `${carrier.url}/${name}`));
    expect(await world.text(group.phones[who] ?? '', group.number, 'The lake', media)).to.equal(200);
    const found = await row<{ id: number }>(world.runtime.db, 'SELECT MAX(id) AS id FROM messages');
    return found?.id ?? 0;
  };
  const mediaOf = async (id: number) =>
    JSON.parse(
      (await row<{ media: string | null }>(world.runtime.db, 'SELECT media FROM messages WHERE id = ?', [id]))?.media ??
        '[]',
    ) as string[];
  const waiting = () =>
    rows<{ place: number; tries: number; seconds: number }>(
      world.runtime.db,
      'SELECT place, tries, TIMESTAMPDIFF(SECOND, NOW(3), due_at) AS seconds FROM media_copies ORDER BY place',
    );
  const stored = async () => (await readdir(folder, { recursive: true })).filter((name) => name.includes('.'));
  const read = async (name: string) => {
    const sid = await openSid(world, group.phones[name] ?? '');
    const { body } = await world.call('/message/get', { sid, number: group.number });
    return (body.messages as { media?: string[] }[]).at(-1)?.media ?? [];
  };

  it('are copied, and go out and are read from our store from then on', async () => {
    await send('a.gif', 'moved.gif');
    expect(await read('Bob')).to.deep.equal([`${carrier.url}/a.gif`, `${carrier.url}/moved.gif`]);
    expect(await copyMedia(world.runtime)).to.equal(2);
    expect(await waiting()).to.deep.equal([]);
    const working = await openWorkers(world);
    await world.quiet();
    await working.close();
    const got = world.textsTo(group.phones.Bob ?? '').at(-1);
    expect(got?.media).to.have.length(2);
    expect(await read('Bob')).to.deep.equal(got?.media);
    for (const url of got?.media ?? []) {
      expect(url.startsWith(`${world.url}/v1/media/`)).to.equal(true);
      const answer = await fetch(url);
      expect(answer.headers.get('content-type')).to.equal('image/gif');
      expect(Buffer.from(await answer.arrayBuffer())).to.deep.equal(picture);
    }
    expect(carrier.asked.sort()).to.deep.equal(['/a.gif', '/elsewhere.gif', '/moved.gif']);
    expect(await copyMedia(world.runtime)).to.equal(0);
  });

  it('hold up no text: what goes out before has the address of the carrier', async () => {
    const id = await send('held.gif');
    const copying = copyMedia(world.runtime);
    const working = await openWorkers(world);
    await world.quiet();
    await working.close();
    expect(world.textsTo(group.phones.Bob ?? '').at(-1)?.media).to.deep.equal([`${carrier.url}/held.gif`]);
    carrier.release();
    await copying;
    expect((await mediaOf(id))[0]).to.match(/^media:[\w-]{22}\.gif$/);
  });

  it('are each fetched by one clock, and by another where that one dies', async () => {
    await send('a.gif', 'a.gif', 'a.gif');
    await Promise.all([copyMedia(world.runtime), copyMedia(world.runtime), copyMedia(world.runtime)]);
    expect(carrier.asked).to.have.length(3);
    const id = await send('held.gif');
    const clock = startProcess('clock', world.runtime.config);
    await until('the clock fetches', async () => (carrier.asked.length === 4 ? true : undefined));
    await clock.kill();
    carrier.release();
    expect(await mediaOf(id)).to.deep.equal([`${carrier.url}/held.gif`]);
    expect(await copyMedia(world.runtime)).to.equal(0);
    const [one] = await waiting();
    expect(one?.tries).to.equal(1);
    expect(one?.seconds).to.be.within(1, 60);
    await run(world.runtime.db, 'UPDATE media_copies SET due_at = NOW(3)');
    expect(await copyMedia(world.runtime)).to.equal(1);
    expect((await mediaOf(id))[0]).to.match(/^media:/);
  });

  it('are fetched with our credentials where the carrier asks for them', async () => {
    const id = await send('secret.gif');
    await copyMedia(world.runtime);
    expect((await mediaOf(id))[0]).to.match(/^media:/);
    expect(carrier.asked).to.deep.equal(['/secret.gif', '/secret.gif']);
  });

  for (const [what, name, end] of [
    ['gone there', 'gone.gif', 'gone'],
    ['no picture', 'page.html', 'refused'],
    ['too large', 'large.jpg', 'refused'],
    ['redirected to a private address', 'inside.gif', 'refused'],
    ['redirected for ever', 'round.gif', 'refused'],
    ['at a private address', 'https://127.0.0.1:1/a.gif', 'refused'],
    ['not by https', 'http://media.example/a.gif', 'refused'],
  ] as const)
    it(`are given up at once where they are ${what}`, async () => {
      const before = (await readEvents(world.runtime)).get(`copy:${end}`) ?? 0;
      const files = await stored();
      const id = await send(name);
      const [address] = await mediaOf(id);
      await copyMedia(world.runtime);
      expect(await waiting()).to.deep.equal([]);
      expect(await mediaOf(id)).to.deep.equal([address]);
      expect(await stored()).to.deep.equal(files);
      expect(carrier.asked).to.not.include('/private.gif');
      expect(await eventsOf(world.runtime, `copy:${end}`, before + 1)).to.equal(before + 1);
    });

  it('are tried again for a day where the carrier fails, each by itself', async () => {
    const { db } = world.runtime;
    const id = await send('broken.gif', 'a.gif');
    await copyMedia(world.runtime);
    const [broken, whole] = await mediaOf(id);
    expect([broken, whole?.slice(0, 6)]).to.deep.equal([`${carrier.url}/broken.gif`, 'media:']);
    const [one, other] = await waiting();
    expect([one?.place, one?.tries, other]).to.deep.equal([0, 1, undefined]);
    expect(one?.seconds).to.be.within(1, 8);
    await run(db, 'UPDATE media_copies SET due_at = NOW(3)');
    await run(db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL 25 HOUR WHERE id = ?', [id]);
    await copyMedia(world.runtime);
    expect(await waiting()).to.deep.equal([]);
    expect(carrier.asked.filter((path) => path === '/broken.gif')).to.have.length(2);
  });

  it('leave nothing behind where the text was emptied meanwhile', async () => {
    const { db } = world.runtime;
    const files = await stored();
    const [before] = await rows<{ count: number }>(db, 'SELECT COUNT(*) AS count FROM media');
    const id = await send('held.gif');
    const copying = copyMedia(world.runtime);
    await until('it is fetched', async () => (carrier.asked.includes('/held.gif') ? true : undefined));
    await run(db, "UPDATE messages SET text = '', media = NULL WHERE id = ?", [id]);
    carrier.release();
    await copying;
    expect(await waiting()).to.deep.equal([]);
    expect(await stored()).to.have.members(files);
    expect(await rows(db, 'SELECT COUNT(*) AS count FROM media')).to.deep.equal([before]);
  });

  it('go with the texts, and with who sent them', async () => {
    const { db } = world.runtime;
    await run(db, 'UPDATE media SET delete_at = NOW(3)');
    await deleteOldMedia(world.runtime);
    await run(db, 'UPDATE messages SET pending = NULL');
    const id = await send('a.gif');
    await run(db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL 31 DAY, pending = NULL WHERE id <= ?', [
      id,
    ]);
    await copyMedia(world.runtime);
    expect(await stored()).to.have.length(1);
    await deleteOld(world.runtime);
    await deleteOldMedia(world.runtime);
    expect([await mediaOf(id), await stored()]).to.deep.equal([[], []]);
    await sendAs('Cid', 'a.gif');
    await copyMedia(world.runtime);
    expect(await stored()).to.have.length(1);
    const phone = group.phones.Cid ?? '';
    const who = await row<{ id: number }>(db, 'SELECT id FROM people WHERE phone = ?', [phone]);
    await forgetPerson(db, {
      ...{ personId: who?.id ?? 0, phone, hidden: 'x-forgotten', reason: 'asked' },
      ...{ since: new Date(0), now: new Date() },
    });
    await deleteOldMedia(world.runtime);
    expect(await stored()).to.deep.equal([]);
  });

  it('cost a text without any nothing', async () => {
    const asked = await statementsDuring(() => world.text(group.phones.Bob ?? '', group.number, 'Hi'));
    expect(asked.length).to.be.greaterThan(0);
    expect(asked.filter(({ text }) => text.includes('media_copies'))).to.deep.equal([]);
  });
});

/** A carrier's media, at the address of its API: there they may be by plain http, and on this machine. */
async function startMediaServer() {
  const asked: string[] = [];
  let held: ServerResponse[] = [];
  let isHeld = true;
  const server = createServer((request, response) => {
    const { url: path = '', headers } = request;
    asked.push(path);
    const redirect = (location: string) => response.writeHead(302, { location }).end();
    if (path === '/held.gif' && isHeld) return held.push(response);
    if (path === '/gone.gif') return response.writeHead(404).end();
    if (path === '/broken.gif') return response.writeHead(500).end();
    if (path === '/moved.gif') return redirect('/elsewhere.gif');
    if (path === '/round.gif') return redirect('/round.gif');
    if (path === '/inside.gif') return redirect(`https://localhost:${port}/private.gif`);
    if (path === '/secret.gif' && headers.authorization !== 'Bearer KEYTEST') return response.writeHead(401).end();
    if (path === '/page.html') return response.end('<html></html>');
    if (path === '/large.jpg')
      return response.end(Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1')], INBOUND_BYTES + 1));
    response.end(picture);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const { publicKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
  return {
    url,
    asked,
    env: { TELNYX_API_KEY: 'KEYTEST', TELNYX_PUBLIC_KEY: key, TELNYX_API_URL: url },
    /** One of them is not answered until it is released. */
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      for (const one of held) one.end(picture);
      held = [];
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
