import { expect } from 'chai';
import { endpoints } from '../api/endpoints/index.ts';
import { startGroup, type TestGroup } from './support/group.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

/**
 * Ann owns two groups, Bob is in the first, and Eve owns another. `readKey` and `sendKey` are Ann's for all her groups, `otherKey`
 * for her second one, `evesKey` is Eve's, `revokedKey` was Ann's.
 */
const callers = ['ann', 'bob', 'eve', 'readKey', 'sendKey', 'otherKey', 'evesKey', 'revokedKey', 'nobody'] as const;
type Caller = (typeof callers)[number];

/** What each hears who asks for what is Ann's: OK, or the error. Who is no caller at all is always UNAUTHORIZED. */
type Row = { params?: (of: Scene) => Record<string, unknown>; hear: Record<Exclude<Caller, Strange>, string> };
type Strange = 'revokedKey' | 'nobody';
type Scene = { group: TestGroup; hookId: number; keyId: number };

const no = 'UNAUTHORIZED';
const lookup = 'MEMBER_LOOKUP_FAILED';
const everybody = all('OK');
const ownHook: Row = {
  params: ({ hookId }) => ({ hook_id: hookId }),
  hear: { ...all('NOT_FOUND'), ann: 'OK' },
};

const rows: Record<string, Row> = {
  '/v1/messages': {
    params: ({ group }) => ({ number: group.number, message_id: 1 }),
    hear: { ...everybody, eve: lookup, otherKey: lookup, evesKey: lookup },
  },
  '/v1/events': { params: () => ({ cursor: 'start' }), hear: everybody },
  '/v1/media/upload': { hear: { ...all('MISSING_FIELDS'), readKey: no, otherKey: no } },
  '/v1/keys/create': {
    params: () => ({ name: 'Bot', access: 'read' }),
    hear: { ...all(no), ann: 'OK', bob: 'NO_ACCOUNT', eve: 'OK' },
  },
  '/v1/keys/list': { hear: { ...all(no), ann: 'OK', bob: 'OK', eve: 'OK' } },
  '/v1/keys/revoke': {
    params: ({ keyId }) => ({ id: keyId }),
    hear: { ...all(no), ann: 'OK', bob: 'NOT_FOUND', eve: 'NOT_FOUND' },
  },
  '/v1/lists/list': {
    params: ({ group }) => ({ number: group.number }),
    hear: { ...all(no), ann: 'OK', bob: 'OK', eve: 'MEMBER_LOOKUP_FAILED' },
  },
  '/v1/lists/set': {
    params: ({ group }) => ({ number: group.number, name: 'Low' }),
    hear: { ...all(no), ann: 'OK', bob: 'NOT_OWNER', eve: 'MEMBER_LOOKUP_FAILED' },
  },
  '/v1/lists/delete': {
    params: ({ group }) => ({ number: group.number, name: 'Low' }),
    hear: { ...all(no), ann: 'OK', bob: 'NOT_OWNER', eve: 'MEMBER_LOOKUP_FAILED' },
  },
  '/v1/approvals/list': {
    params: ({ group }) => ({ number: group.number }),
    hear: { ...everybody, bob: 'NOT_OWNER', eve: lookup, otherKey: lookup, evesKey: lookup },
  },
  '/v1/approvals/approve': {
    params: ({ group }) => ({ number: group.number, id: 1 }),
    hear: { ...all(no), ann: 'NOT_FOUND', bob: 'NOT_OWNER', eve: lookup },
  },
  '/v1/approvals/decline': {
    params: ({ group }) => ({ number: group.number, id: 1 }),
    hear: { ...all(no), ann: 'NOT_FOUND', bob: 'NOT_OWNER', eve: lookup },
  },
  '/v1/hooks/create': {
    params: ({ group }) => ({ number: group.number, url: 'https://example.com/others' }),
    hear: { ...everybody, bob: 'NOT_OWNER', eve: lookup, otherKey: lookup, evesKey: lookup },
  },
  '/v1/hooks/list': { hear: everybody },
  '/v1/hooks/delete': ownHook,
  '/v1/hooks/rotate': ownHook,
  '/v1/hooks/test': ownHook,
  '/v1/hooks/log': ownHook,
  '/v1/hooks/retry': ownHook,
};

/** What was said in Ann's first group, and where her webhook goes: whose answers may hold it. */
const SAID = 'Where is the key?';
const HOOK = 'https://example.com/of-ann';
const readers: readonly Caller[] = ['ann', 'bob', 'readKey', 'sendKey'];

describe('who asks at /v1 for what is somebody else’s', () => {
  let world: World;
  let scene: Scene;
  const secrets = new Map<Caller, string>();

  const ask = (caller: Caller, path: string, params: Record<string, unknown> = {}) => {
    const secret = secrets.get(caller);
    const headers: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    return world.call(path, params, { headers });
  };
  const made = async (caller: Caller, path: string, params: Record<string, unknown>) => {
    const { body } = await ask(caller, path, params);
    expect(body.status, JSON.stringify(body)).to.equal('OK');
    return body as { id: number; key: string };
  };

  before(async () => {
    world = await openWorld({ workers: false });
    const group = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers', quiet: false });
    const { Ann: ann = '', Bob: bob = '' } = group.phones;
    const second = await startGroup(world, ['Ann', 'Cid'], { name: 'Rowers', phones: { Ann: ann }, quiet: false });
    const eves = await startGroup(world, ['Eve', 'Fay'], { name: 'Chess', quiet: false });
    for (const [caller, phone] of [
      ['ann', ann],
      ['bob', bob],
      ['eve', eves.phones.Eve ?? ''],
    ] as const)
      secrets.set(caller, await openSid(world, phone));
    await world.text(bob, group.number, SAID);
    for (const [caller, by, more] of [
      ['readKey', 'ann', { access: 'read' }],
      ['sendKey', 'ann', { access: 'send' }],
      ['otherKey', 'ann', { access: 'read', number: second.number }],
      ['evesKey', 'eve', { access: 'send' }],
      ['revokedKey', 'ann', { access: 'send' }],
    ] as const) {
      const { id, key } = await made(by, '/v1/keys/create', { name: caller, ...more });
      secrets.set(caller, key);
      if (caller === 'revokedKey') await made('ann', '/v1/keys/revoke', { id });
    }
    const { id: hookId } = await made('ann', '/v1/hooks/create', { url: HOOK, number: group.number });
    const { id: keyId } = await made('ann', '/v1/keys/create', { name: 'Spare', access: 'read' });
    scene = { group, hookId, keyId };
  });
  after(() => world?.close());

  it('is looked at for each path that there is', () => {
    const ours = endpoints.map(({ url }) => url).filter((url) => url.startsWith('/v1/'));
    expect(Object.keys(rows).toSorted()).to.deep.equal(ours.toSorted());
  });

  // What ends what the others ask for comes last, and of each the owner's own call.
  for (const [path, { params = () => ({}), hear }] of Object.entries(rows).toSorted(
    ([a], [b]) => Number(a.endsWith('delete')) - Number(b.endsWith('delete')),
  )) {
    it(`hears at ${path} no more than is theirs`, async () => {
      const heard: Partial<Record<Caller, string>> = {};
      const holders: Record<string, Caller[]> = { [SAID]: [], [HOOK]: [] };
      for (const caller of callers.toReversed()) {
        const { body } = await ask(caller, path, params(scene));
        heard[caller] = String(body.status === 'OK' ? 'OK' : body.error_type);
        for (const [what, who] of Object.entries(holders)) if (JSON.stringify(body).includes(what)) who.push(caller);
      }
      expect(heard).to.deep.equal({ ...hear, revokedKey: no, nobody: no });
      expect(holders[SAID]?.filter((caller) => !readers.includes(caller))).to.deep.equal([]);
      expect(holders[HOOK]?.filter((caller) => caller !== 'ann')).to.deep.equal([]);
    });
  }

  it('is told what is theirs: the words are what /v1/events shows those who may read them', async () => {
    for (const caller of readers)
      expect(JSON.stringify((await ask(caller, '/v1/events', { cursor: 'start' })).body), caller).to.include(SAID);
  });
});

function all(what: string): Row['hear'] {
  return { ann: what, bob: what, eve: what, readKey: what, sendKey: what, otherKey: what, evesKey: what };
}
