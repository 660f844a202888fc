import { expect } from 'chai';
import { row } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

type Params = Record<string, unknown>;
const ann = '+14445550001';
const bob = '+14445550002';
const when = `${new Date().getUTCFullYear() + 1}-01-01 09:00:00`;

describe('calls that are repeated with an idempotency_key', () => {
  let world: World;
  let group: TestGroup;
  let sid: string;
  before(async () => {
    world = await openWorld({ workers: false, env: { MAX_PENDING_GROUPS: '2' } });
    group = await startGroup(world, ['Ann', 'Bob'], { phones: { Ann: ann, Bob: bob }, quiet: false });
    sid = await openSid(world, ann);
  });
  after(() => world.close());

  const count = async (sql: string, binding: string) =>
    (await row<{ found: number }>(world.runtime.db, `SELECT COUNT(*) AS found FROM ${sql}`, [binding]))?.found;

  /** `other`: what makes it another call. `refused`: what makes it wrong. `happened`: how often it was done. */
  const calls: {
    url: string;
    params(): Params;
    other: Params;
    refused(): Params;
    happened(): Promise<number | undefined>;
  }[] = [
    {
      url: '/message/schedule',
      params: () => ({ sid, number: group.number, message: 'Bring water', when }),
      other: { message: 'Bring wine' },
      refused: () => ({ when: 'soon' }),
      happened: () => count('schedules WHERE text = ?', 'Bring water'),
    },
    {
      url: '/group/create',
      params: () => ({ group: 'Climbers', name: 'Cid', number: '+14445550003', name_0: 'Bob', number_0: bob }),
      other: { name_0: 'Rob' },
      refused: () => ({ number_0: group.number }),
      happened: () => count('`groups` WHERE name = ?', 'Climbers'),
    },
    {
      url: '/member/add',
      params: () => ({ sid, group: group.number, name: 'Dee', number: '+14445550004' }),
      other: { name: 'Didi' },
      refused: () => ({ number: group.number }),
      happened: () => count('memberships WHERE live = 1 AND name = ?', 'Dee'),
    },
  ];

  for (const { url, params, other, refused, happened } of calls) {
    it(`happen once, at however many doors and however often ${url} is called, with the same answer`, async () => {
      const headers = { 'idempotency-key': `"once ${url}"` };
      // What is refused leaves the key free.
      const { body } = await world.call(url, { ...params(), ...refused() }, { headers });
      expect(body.status).to.equal('ERROR');
      const together = await Promise.all(
        Array.from({ length: 4 }, () => world.call(url, params(), { as: 'json', headers })),
      );
      const later = await world.call(url, { ...params(), idempotency_key: `once ${url}` });
      expect(later.body.status).to.equal('OK');
      for (const { http, body } of together) expect({ http, body }).to.deep.equal({ http: 200, body: later.body });
      expect(await happened()).to.equal(1);
    });

    it(`are refused where the key of ${url} stood for another call`, async () => {
      const { http, body } = await world.call(url, { ...params(), ...other, idempotency_key: `once ${url}` });
      expect(http).to.equal(400);
      expect(body).to.include({ error_type: 'BAD_REQUEST', error_subtype: 'idempotency_key' });
      expect(await happened()).to.equal(1);
    });
  }

  it('send each message once, of clients that are cut off before they hear the answer', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `Storm ${at}`);
    const send = (message: string, signal: AbortSignal | null) =>
      fetch(`${world.url}/message/send`, {
        method: 'POST',
        headers: { 'idempotency-key': message },
        body: new URLSearchParams({ sid, number: group.number, message }),
        signal,
      });
    const ids = await Promise.all(
      names.map(async (name, at) => {
        for (const ms of [at % 20, 3 * (at % 10)]) await send(name, AbortSignal.timeout(ms)).catch(() => undefined);
        const answer = (await (await send(name, null)).json()) as { status: string; message_id: number };
        expect(answer.status).to.equal('OK');
        return answer.message_id;
      }),
    );
    expect(ids.toSorted((a, b) => a - b)).to.deep.equal(names.map((_, at) => at + 1));
    expect(await count('messages WHERE text LIKE ?', '%Storm %')).to.equal(names.length);
  });
});
