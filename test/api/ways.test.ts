import { expect } from 'chai';
import { endpoints } from '../../api/endpoints/index.ts';
import { run } from '../../db/connect.ts';
import { hashSid } from '../../engine/people/secrets.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import type { Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { type Answer, openWorld, type World } from '../support/world.ts';

const nobody = '+14445559999';
const code = 'ways-to-ask';
const soon = '2099-01-01 12:00:00';

/** Calls that may be made again and again, one that goes well wherever there is such a call, else one that is refused. */
type Row = { good?: (setup: Setup) => Params; bad?: (setup: Setup) => Params };
type Setup = { sid: string; number: string; bob: string };
const rows: Record<string, Row> = {
  '/group/create': { bad: () => ({ group: 'Ways', name: 'Ann', number: '12', name_0: 'Bob', number_0: '34' }) },
  '/group/set': { good: (s) => ({ ...own(s), name: 'Ways', disable_who: 1, is_public: 1 }), bad: own0 },
  '/group/delete': { bad: (s) => ({ ...own(s), number: '12' }) },
  '/group/list': { good: (s) => ({ search: 'ways', number: s.bob }), bad: () => ({ search: 'wa' }) },
  '/group/join': { bad: (s) => ({ invite_code: code, name: 'Cid', number: s.bob }) },
  '/group/invite/check': { good: () => ({ invite_code: code }), bad: () => ({ invite_code: 'none' }) },
  '/member/find': { bad: () => ({ number: nobody }) },
  '/member/login': { bad: () => ({ number: '12', pin: '123456' }) },
  '/member/groups': { good: ({ sid }) => ({ sid }), bad: () => ({ sid: 'x' }) },
  '/member/add': { bad: (s) => ({ sid: s.sid, group: s.number, name: 'Bob', number: nobody }) },
  '/member/remove': { bad: (s) => ({ sid: s.sid, group: s.number, number: nobody }) },
  '/member/set': {
    good: (s) => ({ sid: s.sid, group: s.number, number: s.bob, sms: 0, broadcast: 1 }),
    bad: (s) => ({ sid: s.sid, group: s.number, sms: 3 }),
  },
  '/member/bye': { good: (s) => ({ sid: s.sid, group: s.number }), bad: ({ sid }) => ({ sid }) },
  '/member/hi': { good: (s) => ({ sid: s.sid, group: s.number }), bad: ({ sid }) => ({ sid, group: 'x' }) },
  '/member/logout': { bad: () => ({ sid: 'x' }) },
  '/message/count': { good: own, bad: () => ({}) },
  '/message/get': { good: (s) => ({ ...own(s), message_from: 1, message_to: 2 }), bad: own0 },
  '/message/send': {
    good: (s) => ({ ...own(s), message: 'Line 1\nLine 2', preview: 1 }),
    bad: (s) => ({ ...own(s), message: 'x'.repeat(151) }),
  },
  '/message/grand/total': { good: () => ({}) },
  '/message/schedule': { bad: (s) => ({ ...own(s), message: 'Hi', when: `${soon},2001-01-01 12:00:00` }) },
  '/message/schedule/list': { good: own, bad: own0 },
  '/message/schedule/delete': { bad: (s) => ({ ...own(s), message_id: 999 }) },
  '/device/register': {
    good: (s) => ({ sid: s.sid, number: s.bob, type: 'iphone_no_notify', token: 'a1b2' }),
    bad: (s) => ({ number: s.bob, type: 'pager', token: 'a1b2' }),
  },
  '/device/release': {
    good: ({ sid }) => ({ sid, type: 'android' }),
    bad: ({ sid }) => ({ sid, type: 'pager' }),
  },
  '/account/set': {
    good: ({ sid }) => ({ sid, email: 'ann@example.com', zip: 94107 }),
    bad: ({ sid }) => ({ sid, email: 'ann', zip: 94107 }),
  },
  '/account/password': { bad: ({ sid }) => ({ sid, password: ' ' }) },
  '/account/balance': { good: ({ sid }) => ({ sid }), bad: () => ({}) },
  '/v1/events': { good: ({ sid }) => ({ sid, cursor: 'start', limit: 2 }), bad: ({ sid }) => ({ sid, cursor: 'x' }) },
  '/v1/messages': { good: (s) => ({ ...own(s), message_id: 1 }), bad: (s) => ({ ...own(s), message_id: 999 }) },
  '/v1/media/upload': { bad: ({ sid }) => ({ sid, content: 'bm8gcGljdHVyZQ==' }) },
  '/v1/keys/create': { bad: (s) => ({ ...own(s), name: 'Bot', access: 'all' }) },
  '/v1/keys/list': { good: ({ sid }) => ({ sid }) },
  '/v1/keys/revoke': { bad: ({ sid }) => ({ sid, id: 999 }) },
  '/v1/lists/list': { good: own, bad: own0 },
  '/v1/lists/set': {
    good: (s) => ({ ...own(s), name: 'Low', members: s.bob }),
    bad: (s) => ({ ...own(s), name: 'Help' }),
  },
  '/v1/lists/delete': { bad: (s) => ({ ...own(s), name: 'None' }) },
  '/v1/approvals/list': { good: own, bad: own0 },
  '/v1/approvals/approve': { bad: (s) => ({ ...own(s), id: 999 }) },
  '/v1/approvals/decline': { bad: (s) => ({ ...own(s), id: 999 }) },
  '/v1/hooks/create': { bad: (s) => ({ ...own(s), url: 'http://example.com/' }) },
  '/v1/hooks/list': { good: ({ sid }) => ({ sid }) },
  '/v1/hooks/delete': { bad: ({ sid }) => ({ sid, hook_id: 999 }) },
  '/v1/hooks/rotate': { bad: ({ sid }) => ({ sid, hook_id: 999 }) },
  '/v1/hooks/test': { bad: ({ sid }) => ({ sid, hook_id: 999 }) },
  '/v1/hooks/log': { bad: ({ sid }) => ({ sid, hook_id: 999 }) },
  '/v1/hooks/retry': { bad: ({ sid }) => ({ sid, hook_id: 999 }) },
  '/account/charge': { bad: ({ sid }) => ({ sid, amount: 1000 }) },
};

function own({ sid, number }: Setup): Params {
  return { sid, number };
}

/** Without the group, which is then missing. */
function own0({ sid }: Setup): Params {
  return { sid };
}

describe('by GET, form and JSON', () => {
  let world: World;
  let group: TestGroup;
  let setup: Setup;
  before(async () => {
    world = await openWorld({ workers: false });
    group = await startGroup(world, ['Ann', 'Bob'], { name: 'Ways', quiet: false });
    const { Ann = '', Bob = '' } = group.phones;
    setup = { sid: await openSid(world, Ann), number: group.number, bob: Bob };
    const open = { sid: setup.sid, number: group.number, invite_code: code, is_public: 1, description: 'All ways' };
    expect((await world.call('/group/set', open)).body).to.deep.equal({ status: 'OK', invite_code: code });
    await world.call('/message/send', { sid: setup.sid, number: group.number, message: 'First' });
    await world.call('/message/schedule', { sid: setup.sid, number: group.number, message: 'Hi', when: soon });
  });
  after(() => world.close());

  it('every URL is asked', () => {
    expect(Object.keys(rows)).to.have.members(endpoints.map(({ url }) => url));
  });

  for (const [url, { good, bad }] of Object.entries(rows)) {
    for (const [params, status] of [
      [good, 'OK'],
      [bad, 'ERROR'],
    ] as const) {
      if (params === undefined) continue;
      it(`${url} says the same: ${status}`, async () => {
        const answers = await askAllWays(url, params(setup));
        const [first, ...others] = answers.map(({ http, body }) => ({ http, body: { ...body, time: 0, cursor: '' } }));
        expect(first?.body).to.include({ status });
        for (const other of others) expect(other).to.deep.equal(first);
        for (const { headers } of answers) {
          expect(headers.get('content-type')).to.equal('application/json; charset=utf-8');
          expect(headers.get('x-request-id')).to.match(/^[\w-]{36}$/);
        }
      });
    }
  }

  for (const { url, session, parameters } of endpoints) {
    const needed = Object.entries(parameters).filter(
      ([, row]) => row.kind !== 'pairs' && (!row.optional || row.waivable === true),
    );
    if (needed.length > 0)
      it(`${url} names all that is missing, in order`, async () => {
        const sid = session === 'required' || session === 'requiredOrPin' ? { sid: setup.sid } : {};
        for (const { http, body } of await askAllWays(url, sid)) {
          expect(http).to.equal(200);
          const missing = needed.map(([name]) => name);
          expect(body).to.deep.equal({ status: 'ERROR', error_type: 'MISSING_FIELDS', error_subtype: missing });
        }
      });
    if (session !== 'none')
      it(`${url} is 401 with a sid that is ${session === 'optional' ? '' : 'missing, '}unknown, logged out or expired`, async () => {
        const [out, old] = [await openSid(world, setup.bob), await openSid(world, setup.bob)];
        await world.call('/member/logout', { sid: out });
        await run(world.runtime.db, 'UPDATE sessions SET used_at = NOW(3) - INTERVAL 31 DAY WHERE sid_hash = ?', [
          hashSid(old),
        ]);
        for (const sid of [...(session === 'optional' ? [] : ['', ' ']), 'x', 'x'.repeat(43), out, old])
          for (const { http, body } of await askAllWays(url, { sid })) {
            expect(http, sid).to.equal(401);
            expect(body).to.deep.equal({ status: 'ERROR', error_type: 'UNAUTHORIZED' });
          }
      });
  }

  /** Query, form and JSON; a POST with all in the query; a POST whose body puts right what the query says wrong. */
  async function askAllWays(url: string, params: Params): Promise<Answer[]> {
    const asked = (value: (name: string) => unknown) =>
      `${url}?${new URLSearchParams(Object.fromEntries(Object.keys(params).map((name) => [name, `${value(name)}`])))}`;
    const inQuery = asked((name) => params[name]);
    const misled = asked(() => 'misled');
    return [
      await world.call(url, params, { as: 'query' }),
      await world.call(url, params, { as: 'form' }),
      await world.call(url, params, { as: 'json' }),
      await world.call(inQuery, {}, { as: 'form' }),
      await world.call(misled, params, { as: 'json' }),
    ];
  }
});
