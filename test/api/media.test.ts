import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { row, run } from '../../db/connect.ts';
import { deleteOldMedia } from '../../engine/groups/media.ts';
import { forgetPerson } from '../../engine/people/forget.ts';
import { mediaAddress } from '../../engine/platform/media-addresses.ts';
import { MEDIA_BYTES } from '../../engine/rules/media.ts';
import { startBucket } from '../support/bucket.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;
const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64');
/** As large as one may be. */
const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0])], MEDIA_BYTES);

const stores: Record<string, () => Promise<Store>> = { folder: openFolder, bucket: openBucket };
type Store = { env: Record<string, string>; holds(): Promise<string[]>; close(): Promise<unknown> };

for (const [kind, openStore] of Object.entries(stores)) {
  describe(`pictures of apps, in a ${kind}`, () => {
    let store: Store;
    let world: World;
    let group: TestGroup;
    let sid: string;
    before(async () => {
      store = await openStore();
      world = await openWorld({ env: { KEEP_TEXTS_DAYS: '30', ...store.env } });
      group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { name: 'Hikers' });
      sid = await openSid(world, group.phones.Ann ?? '');
    });
    after(async () => {
      await world?.close();
      await store?.close();
    });

    const upload = async (bytes: Buffer, headers: Record<string, string> = { authorization: `Bearer ${sid}` }) =>
      world.call('/v1/media/upload', { content: bytes.toString('base64') }, { as: 'json', headers });
    const send = async (params: Record<string, unknown>) =>
      (await world.call('/message/send', { sid, number: group.number, message: 'The lake', ...params })).body;
    const idOf = async (bytes: Buffer) => Number((await upload(bytes)).body.media_id);

    it('are uploaded, texted to the group as MMS, and read by whoever may read the message', async () => {
      const { body } = await upload(picture);
      expect(body).to.include({ status: 'OK', type: 'image/gif' });
      const id = Number(body.media_id);
      const large = await idOf(photo);
      const preview = await send({ media_ids: id, preview: 1 });
      expect(preview).to.include({ recipients: 2, cost: 6 });
      const sent = await send({ media_ids: `${large}, ${id}` });
      await world.quiet();
      const got = world.textsTo(group.phones.Bob ?? '').at(-1);
      expect(got?.text).to.equal('Ann: The lake');
      expect(got?.media).to.have.length(2);
      const fetched = await fetch(got?.media[1] ?? '');
      expect(fetched.headers.get('content-type')).to.equal('image/gif');
      expect(fetched.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(Buffer.from(await fetched.arrayBuffer())).to.deep.equal(picture);
      const jpeg = await fetch(got?.media[0] ?? '', { method: 'HEAD' });
      expect([jpeg.status, jpeg.headers.get('content-length'), await jpeg.text()]).to.deep.equal([
        200,
        String(MEDIA_BYTES),
        '',
      ]);
      const bob = await openSid(world, group.phones.Bob ?? '');
      const at = { sid: bob, number: group.number, message_id: sent.message_id };
      const read = (await world.call('/message/get', at)).body.messages as { media: string[] }[];
      expect(read[0]?.media).to.deep.equal(got?.media);
      const events = (await world.call('/v1/events', { sid: bob, cursor: 'start', limit: 100 })).body.events;
      const media = (events as { message?: { media?: string[] } }[]).flatMap(({ message }) => message?.media ?? []);
      expect(media).to.deep.equal(got?.media);
    });

    it('are answered in pieces, and not again where the reader has them', async () => {
      const url = String((await upload(picture)).body.url);
      const get = async (headers: Record<string, string>, method = 'GET') => {
        const answer = await fetch(url, { headers, method });
        return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
      };
      const whole = await get({});
      const etag = whole.answer.headers.get('etag') ?? '';
      expect(whole.answer.headers.get('accept-ranges')).to.equal('bytes');
      expect(whole.answer.headers.get('cache-control')).to.match(/^private/);
      const size = picture.length;
      for (const [range, first, last] of [
        ['bytes=0-3', 0, 3],
        ['bytes=4-', 4, size - 1],
        ['bytes=-5', size - 5, size - 1],
        ['bytes=-999', 0, size - 1],
        ['bytes=2-999', 2, size - 1],
      ] as const) {
        const { answer, bytes } = await get({ range });
        expect([answer.status, answer.headers.get('content-range')], range).to.deep.equal([
          206,
          `bytes ${first}-${last}/${size}`,
        ]);
        expect(answer.headers.get('content-type')).to.equal('image/gif');
        expect(answer.headers.get('content-length')).to.equal(String(last - first + 1));
        expect(bytes).to.deep.equal(picture.subarray(first, last + 1));
      }
      for (const range of ['bytes=0-1,4-5', 'bytes=5-4', 'lines=0-1', 'bytes=-', 'bytes=x-'])
        expect((await get({ range })).answer.status, range).to.equal(200);
      for (const range of [`bytes=${size}-`, 'bytes=-0']) {
        const { answer } = await get({ range });
        expect([answer.status, answer.headers.get('content-range')], range).to.deep.equal([416, `bytes */${size}`]);
      }
      expect((await get({ range: 'bytes=0-3', 'if-range': etag })).answer.status).to.equal(206);
      expect((await get({ range: 'bytes=0-3', 'if-range': '"another"' })).answer.status).to.equal(200);
      const head = await get({ range: 'bytes=0-3' }, 'HEAD');
      expect([head.answer.status, head.answer.headers.get('content-length'), head.bytes.length]).to.deep.equal([
        206,
        '4',
        0,
      ]);
      // Without it fetch says no-cache of itself.
      const again = { 'cache-control': 'max-age=0' };
      const known = await get({ 'if-none-match': etag, ...again });
      expect([known.answer.status, known.bytes.length]).to.deep.equal([304, 0]);
      expect((await get({ 'if-none-match': '"another"', ...again })).answer.status).to.equal(200);
    });

    it('have an address that ends and that nobody else can write', async () => {
      const { body } = await upload(picture);
      const good = new URL(String(body.url));
      const name = good.pathname.split('/').at(-1) ?? '';
      const status = async (url: URL | string) => (await fetch(url)).status;
      expect(await status(good)).to.equal(200);
      const days = (Number(good.searchParams.get('until')) * 1_000 - Date.now()) / DAY_MS;
      expect(days).to.be.within(3, 4);
      const { config } = world.runtime;
      const later = new URL(good);
      later.searchParams.set('until', String(Number(good.searchParams.get('until')) + 1));
      const other = good.href.replace(name, `${'A'.repeat(22)}.gif`);
      const bare = good.href.replace(/\?.*/, '');
      for (const bad of [
        mediaAddress(config, name, Date.now() - 5 * DAY_MS),
        mediaAddress({ ...config, APP_SECRET: 'another' }, name),
        ...[later, other, bare, `${bare}?until=${later.searchParams.get('until')}&signature=`],
        mediaAddress(config, `${'A'.repeat(22)}.gif`),
        `${world.url}/v1/media/..%2f..%2fetc%2fpasswd`,
      ]) {
        const answer = await fetch(bad);
        expect(answer.status, String(bad)).to.equal(404);
        expect(await answer.json()).to.include({ status: 'ERROR', error_type: 'UNKNOWN_URL' });
      }
      expect(await status(mediaAddress(config, name, Date.now() - 2 * DAY_MS))).to.equal(200);
      expect((await fetch(good, { method: 'POST' })).status).to.equal(405);
    });

    it('are what their bytes say, no larger than carriers take, and from somebody', async () => {
      const html = Buffer.from('<html><script>alert(1)</script></html>');
      const tooLarge = Buffer.concat([photo, Buffer.from('x')]);
      for (const bad of [html, Buffer.from('GIF'), tooLarge])
        expect((await upload(bad)).body).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'content' });
      const noBase64 = await world.call('/v1/media/upload', { sid, content: '<b>' }, { as: 'json' });
      expect(noBase64.body).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'content' });
      expect((await upload(picture, {})).http).to.equal(401);
      expect((await upload(photo, {})).http).to.equal(413);
      expect((await upload(photo, { authorization: 'Bearer nobody' })).http).to.equal(401);
      const huge = await upload(Buffer.alloc(2 * MEDIA_BYTES));
      expect([huge.http, huge.body.error_type]).to.deep.equal([413, 'TOO_LARGE']);
    });

    it('are sent by nobody but who uploaded them, at most ten and 5 MB, and not at all with a refused call', async () => {
      const bob = await openSid(world, group.phones.Bob ?? '');
      const mine = await idOf(picture);
      const large = [await idOf(photo), await idOf(photo), await idOf(photo)];
      for (const params of [
        { sid: bob, media_ids: mine },
        { media_ids: 999_999 },
        { media_ids: `${mine},${mine}` },
        { media_ids: `${mine},` },
        { media_ids: 'x' },
        { media_ids: large.join(',') },
        { media_ids: Array.from({ length: 11 }, (_, at) => mine + at).join(',') },
      ])
        expect(await send(params), JSON.stringify(params)).to.include({
          error_type: 'BAD_REQUEST',
          error_subtype: 'media_ids',
        });
      expect(await send({ number: '+14445559999', media_ids: mine })).to.include({
        error_type: 'MEMBER_LOOKUP_FAILED',
      });
      const kept = await row<{ at: Date | null }>(world.runtime.db, 'SELECT delete_at AS at FROM media WHERE id = ?', [
        mine,
      ]);
      expect(kept?.at).to.be.instanceOf(Date);
    });

    it('wait with a message for its time, for as long as that takes', async () => {
      const { db } = world.runtime;
      const id = await idOf(picture);
      const lost = await idOf(picture);
      const schedule = async (params: Record<string, unknown>) =>
        (
          await world.call('/message/schedule', {
            ...{ sid, number: group.number, message: 'At the lake', when: '2035-07-01 18:00:00' },
            ...params,
          })
        ).body;
      for (const media_ids of ['999999', 'x', `${id},${id}`])
        expect(await schedule({ media_ids }), media_ids).to.include({ error_subtype: 'media_ids' });
      const bob = await openSid(world, group.phones.Bob ?? '');
      expect(await schedule({ sid: bob, media_ids: id })).to.include({ error_type: 'NOT_OWNER' });
      const named = { media_ids: `${id},${lost}`, idempotency_key: 'later' };
      const scheduled = await schedule(named);
      expect(await schedule(named)).to.deep.equal(scheduled);
      expect(await schedule({ ...named, media_ids: id })).to.include({ error_type: 'BAD_REQUEST' });
      const listed = await world.call('/message/schedule/list', { sid, number: group.number });
      const [waiting] = listed.body.messages as { media: string[] }[];
      expect(waiting?.media).to.have.length(2);
      expect((await fetch(waiting?.media[0] ?? '')).status).to.equal(200);
      // Years before its time, and a month after it: KEEP_TEXTS_DAYS counts from then.
      await deleteOldMedia(world.runtime);
      const kept = await row<{ keptFrom: string; deleteAt: Date | null }>(
        db,
        "SELECT DATE_FORMAT(created_at, '%Y-%m-%d') AS keptFrom, delete_at AS deleteAt FROM media WHERE id = ?",
        [id],
      );
      expect(kept).to.deep.equal({ keptFrom: '2035-07-01', deleteAt: null });
      await run(db, 'UPDATE media SET delete_at = NOW(3) WHERE id = ?', [lost]);
      await run(db, 'UPDATE schedules SET send_at = NOW(3) WHERE id = ?', [(scheduled.ids as number[])[0] ?? 0]);
      await world.inbox(group.phones.Bob ?? '', world.textsTo(group.phones.Bob ?? '').length + 1);
      await world.quiet();
      const got = world.textsTo(group.phones.Bob ?? '').at(-1);
      expect([got?.text, got?.media.length]).to.deep.equal(['Ann: At the lake', 1]);
      expect(Buffer.from(await (await fetch(got?.media[0] ?? '')).arrayBuffer())).to.deep.equal(picture);
      await run(db, 'UPDATE media SET created_at = NOW(3) WHERE created_at > NOW(3)');
    });

    it('are deleted when nobody sent them, with the texts, and with their owner', async () => {
      const { db } = world.runtime;
      await run(db, 'UPDATE media SET delete_at = NOW(3)');
      await deleteOldMedia(world.runtime);
      const sent = await idOf(picture);
      const waiting = await idOf(picture);
      await send({ media_ids: sent, idempotency_key: 'lake' });
      await world.quiet();
      const names = await store.holds();
      await run(db, 'UPDATE media SET delete_at = delete_at - INTERVAL 25 HOUR');
      expect(await deleteOldMedia(world.runtime)).to.equal(1);
      expect(await send({ media_ids: waiting, message: 'Late' })).to.include({ error_subtype: 'media_ids' });
      const left = await store.holds();
      expect(names)
        .to.include.members(left)
        .and.to.have.length(left.length + 1);
      await run(db, 'UPDATE media SET created_at = created_at - INTERVAL 29 DAY');
      expect(await deleteOldMedia(world.runtime)).to.equal(0);
      await run(db, 'UPDATE media SET created_at = created_at - INTERVAL 2 DAY');
      expect(await deleteOldMedia(world.runtime)).to.equal(1);
      expect(await store.holds()).to.have.length(left.length - 1);
      const phone = group.phones.Cid ?? '';
      const cid = await openSid(world, phone);
      const theirs = await upload(picture, { authorization: `Bearer ${cid}` });
      await send({ sid: cid, media_ids: theirs.body.media_id });
      await world.quiet();
      const who = await row<{ personId: number }>(db, 'SELECT id AS personId FROM people WHERE phone = ?', [phone]);
      const personId = who?.personId ?? 0;
      await forgetPerson(db, {
        personId,
        phone,
        hidden: 'x-forgotten',
        reason: 'asked',
        since: new Date(0),
        now: new Date(),
      });
      expect(await deleteOldMedia(world.runtime)).to.equal(1);
      expect((await fetch(String(theirs.body.url))).status).to.equal(404);
    });
  });
}

describe('pictures of apps, with no store', () => {
  it('are UNAVAILABLE, and so with more than 50 that wait', async () => {
    const folder = await openFolder();
    const [none, some] = await Promise.all([
      openWorld({ workers: false }),
      openWorld({ workers: false, env: folder.env }),
    ]);
    try {
      for (const [world, fits] of [
        [none, 0],
        [some, 50],
      ] as const) {
        const group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
        const sid = await openSid(world, group.phones.Ann ?? '');
        const upload = () => world.call('/v1/media/upload', { sid, content: picture.toString('base64') });
        for (let at = 0; at < fits; at++) expect((await upload()).body.status).to.equal('OK');
        const { http, headers, body } = await upload();
        expect([http, headers.get('retry-after'), body.error_type]).to.deep.equal([503, '3600', 'UNAVAILABLE']);
      }
    } finally {
      await Promise.all([none.close(), some.close()]);
      await folder.close();
    }
  });

  it('or with one that refuses us, of which nothing is sent', async () => {
    const bucket = await startBucket({ key: 'AKEXAMPLE', secret: 'right', region: 'us-west-2' });
    const world = await openWorld({ workers: false, env: { MEDIA_S3_URL: bucket.address('wrong') } });
    try {
      const group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
      const sid = await openSid(world, group.phones.Ann ?? '');
      const answer = await world.call('/v1/media/upload', { sid, content: picture.toString('base64') });
      expect([answer.http, answer.body.error_type]).to.deep.equal([503, 'UNAVAILABLE']);
      expect(bucket.refused).to.have.length(1);
    } finally {
      await world.close();
      await bucket.stop();
    }
  });
});

async function openFolder(): Promise<Store> {
  const folder = await mkdtemp(path.join(tmpdir(), 'media-'));
  return {
    env: { MEDIA_FOLDER: folder },
    holds: async () => (await readdir(folder, { recursive: true })).filter((name) => name.includes('.')),
    close: () => rm(folder, { recursive: true }),
  };
}

async function openBucket(): Promise<Store> {
  const bucket = await startBucket({ key: 'AKEXAMPLE', secret: 'se/cr+et', region: 'us-west-2' });
  return {
    env: { MEDIA_S3_URL: bucket.address() },
    holds: async () => [...bucket.objects.keys()],
    close: () => bucket.stop(),
  };
}
