import { expect } from 'chai';
import fc from 'fast-check';
import { endpoints } from '../api/endpoints/index.ts';
import { rows } from '../db/connect.ts';
import { nameKey } from '../engine/rules/names.ts';
import { openSid } from './support/session.ts';
import { type Answer, openWorld, type World } from './support/world.ts';

/**
 * Whatever several people do to their groups, some of it in the same instant: no call breaks, and what must always hold
 * does. `PROPERTY_SEED=…` repeats a run.
 */
const seed = Number(process.env.PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));
const PEOPLE = 7;
const MAX_MEMBERS = 5;
const NAMES = ['Ann', 'ann', 'Bob', 'ＢＯＢ', 'Cid', 'Dee', 'Eve', 'Fay', 'Gus', 'Hal'];
const GUESTS = ['Ann', 'Bob', 'Cid', 'Dee'];

type Doing =
  | { does: 'create'; who: number; others: number[] }
  | { does: 'activate' | 'bye' | 'hi' | 'delete' | 'send' | 'text'; who: number; group: number }
  | { does: 'add' | 'join' | 'name'; who: number; group: number; whom: number; name: number }
  | { does: 'remove'; who: number; group: number; whom: number };

const person = fc.nat(PEOPLE - 1);
const group = fc.nat(2);
const name = fc.nat(NAMES.length - 1);
const doing: fc.Arbitrary<Doing> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('create' as const),
      who: person,
      others: fc.uniqueArray(person, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('activate' as const), who: person, group }) },
  {
    weight: 9,
    arbitrary: fc.record({
      does: fc.constantFrom('bye' as const, 'hi' as const, 'send' as const, 'text' as const),
      who: person,
      group,
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      does: fc.constantFrom('add' as const, 'join' as const, 'name' as const),
      who: person,
      group,
      whom: person,
      name,
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('remove' as const), who: person, group, whom: person }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('delete' as const), who: person, group }) },
);
/** Each inner list happens in the same instant. It begins with a group that is on, so that there is something to do. */
const story = fc
  .array(fc.array(doing, { minLength: 1, maxLength: 6 }), { minLength: 4, maxLength: 8 })
  .map((rounds): Doing[][] => [
    [{ does: 'create', who: 0, others: [1, 2] }],
    [{ does: 'activate', who: 0, group: 0 }],
    ...rounds,
  ]);

describe('whatever people do to their groups', () => {
  let world: World;
  before(async () => {
    const pool = Array.from({ length: 4 }, (_, at) => `+1201555${2001 + at}`).join(',');
    const env = {
      NUMBER_POOL: pool,
      MAX_MEMBERS: String(MAX_MEMBERS),
      MAX_PENDING_GROUPS: '2',
      TRIAL_BALANCE: '100000',
    };
    world = await openWorld({ env: { ...env, INBOUND_PER_MINUTE: '10000', CONSENT: 'open' } });
  });
  after(() => world.close());

  it(`what must hold does (PROPERTY_SEED=${seed})`, async () => {
    const end = Date.now() + 6_000;
    let runs = 0;
    const property = fc.asyncProperty(story, async (rounds) => {
      // What fast-check interrupts goes on in the background: so the time is kept here.
      if (runs > 0 && Date.now() > end) return;
      const cast = await openCast(world, runs++);
      for (const round of rounds) {
        await cast.learn();
        await Promise.all(round.map((one) => cast.perform(one)));
      }
      await world.quiet();
      await checkAll(world);
      await cast.check();
    });
    await fc.assert(property, { seed, numRuns: 100, endOnFailure: true });
  });
});

/** The people of one story, with phones of their own. */
async function openCast(world: World, run: number) {
  const phones = Array.from({ length: PEOPLE }, (_, at) => `+1444${200 + run}${String(1000 + at)}`);
  const sids = await Promise.all(phones.map((phone) => openSid(world, phone)));
  let places: Place[] = [];
  let groupIds: number[] = [];
  let texts = 0;
  const said = new Map<number, number>();

  const phoneOf = (who: number) => phones[who] ?? '';
  const idOf = (at: number) => groupIds[at % Math.max(1, groupIds.length)] ?? 0;
  const numberOf = (who: number, at: number) =>
    places.find((place) => place.phone === phoneOf(who) && place.groupId === idOf(at))?.number ??
    places.find((place) => place.groupId === idOf(at))?.number ??
    world.serviceNumber;

  async function call(url: string, params: Record<string, unknown>): Promise<Answer> {
    const answer = await world.call(url, params);
    const { http, body } = answer;
    const documented = endpoints.find((endpoint) => endpoint.url === url)?.errors ?? {};
    const fits = body.status === 'OK' || http === 503 || (http === 200 && String(body.error_type) in documented);
    expect(fits, `${url} ${JSON.stringify(params)}: ${http} ${JSON.stringify(body)}`).to.equal(true);
    return answer;
  }

  /** The places that people have now, as a person would know them. */
  async function learn(): Promise<void> {
    places = await rows<Place>(
      world.runtime.db,
      `SELECT p.phone, n.phone AS number, m.group_id AS groupId, g.state FROM memberships m JOIN people p ON p.id = m.person_id
       JOIN numbers n ON n.id = m.number_id JOIN \`groups\` g ON g.id = m.group_id WHERE p.phone IN (?) AND m.live = 1`,
      [phones],
    );
    groupIds = [...new Set(places.map(({ groupId }) => groupId))].sort((a, b) => a - b);
  }

  async function perform(one: Doing): Promise<void> {
    const sid = sids[one.who];
    const own = phoneOf(one.who);
    if (one.does === 'create') {
      const guests = one.others.filter((other) => other !== one.who);
      const others = guests.flatMap((other, at) => [
        [`name_${at}`, GUESTS[at]],
        [`number_${at}`, phoneOf(other)],
      ]);
      await call('/group/create', { group: 'Friends', name: 'Zoe', number: own, ...Object.fromEntries(others) });
      return;
    }
    const number = numberOf(one.who, one.group);
    const groupId = idOf(one.group);
    switch (one.does) {
      case 'activate': {
        const owner = { sid, number, invite_code: `code-${groupId}`, is_public: 1, description: 'A group' };
        await call('/group/set', owner);
        return;
      }
      case 'bye':
      case 'hi':
        await call(`/member/${one.does}`, { sid, group: number });
        return;
      case 'send': {
        const { body } = await call('/message/send', { sid, number, message: `Hello ${++texts}` });
        // The number may be one through which they are in another group.
        const at = places.find((place) => place.phone === own && place.number === number)?.groupId;
        if (body.status === 'OK' && at !== undefined) said.set(at, (said.get(at) ?? 0) + 1);
        return;
      }
      case 'text':
        expect(await world.text(own, number, `Hi ${++texts}`)).to.equal(200);
        return;
      case 'add':
        await call('/member/add', { sid, group: number, name: NAMES[one.name], number: phoneOf(one.whom) });
        return;
      case 'join':
        await call('/group/join', { invite_code: `code-${groupId}`, name: NAMES[one.name], number: own });
        return;
      case 'name':
        await call('/member/set', { sid, group: number, number: phoneOf(one.whom), name: NAMES[one.name] });
        return;
      case 'remove':
        await call('/member/remove', { sid, group: number, number: phoneOf(one.whom) });
        return;
      case 'delete':
        await call('/group/delete', { sid, number });
        return;
    }
  }

  /** What was answered is what is there. */
  async function check(): Promise<void> {
    const kept = await rows<{ id: number; last: number }>(
      world.runtime.db,
      'SELECT g.id, g.last_message_id AS last FROM `groups` g JOIN people p ON p.id = g.owner_id WHERE p.phone IN (?)',
      [phones],
    );
    for (const { id, last } of kept) expect(last, `messages of group ${id}`).to.be.at.least(said.get(id) ?? 0);
    for (const sid of sids) {
      const { body } = await call('/member/groups', { sid });
      for (const { members } of body.groups as { members: { owner: number; name: string }[] }[]) {
        expect(members.filter(({ owner }) => owner === 1)).to.have.length(1);
        expect(new Set(members.map((member) => nameKey(member.name))).size).to.equal(members.length);
      }
    }
  }

  return { learn, perform, check };
}

type Place = { phone: string; number: string; groupId: number; state: string };

/** Each query finds what must not be. */
const mustNotBe: Record<string, string> = {
  'two living memberships of a phone and a number':
    'SELECT person_id, number_id FROM memberships WHERE live = 1 GROUP BY person_id, number_id HAVING COUNT(*) > 1',
  'two living memberships of a phone in a group':
    'SELECT group_id, person_id FROM memberships WHERE live = 1 GROUP BY group_id, person_id HAVING COUNT(*) > 1',
  'two of a group with one name':
    'SELECT group_id, name_key FROM memberships WHERE live = 1 AND name_key IS NOT NULL GROUP BY group_id, name_key HAVING COUNT(*) > 1',
  'a group without its owner':
    "SELECT g.id FROM `groups` g LEFT JOIN memberships m ON m.group_id = g.id AND m.person_id = g.owner_id AND m.live = 1 WHERE g.state <> 'deleted' AND m.id IS NULL",
  'a deleted group that holds a number':
    "SELECT g.id FROM `groups` g JOIN memberships m ON m.group_id = g.id AND m.live = 1 WHERE g.state = 'deleted'",
  'message ids with a gap':
    "SELECT g.id FROM `groups` g LEFT JOIN messages m ON m.group_id = g.id AND m.kind = 'said' GROUP BY g.id, g.last_message_id HAVING COUNT(m.message_id) <> g.last_message_id OR COALESCE(MAX(m.message_id), 0) <> g.last_message_id",
  'a member who is there without being there':
    'SELECT m.id FROM memberships m LEFT JOIN membership_spans s ON s.membership_id = m.id AND s.until_version IS NULL WHERE m.live = 1 GROUP BY m.id, m.left_at HAVING COUNT(s.membership_id) <> IF(m.left_at IS NULL, 1, 0)',
  'spans that overlap or lie in the future':
    'SELECT s.membership_id FROM membership_spans s JOIN memberships m ON m.id = s.membership_id JOIN `groups` g ON g.id = m.group_id LEFT JOIN membership_spans o ON o.membership_id = s.membership_id AND o.from_version > s.from_version WHERE s.from_version > g.roster_version OR s.until_version <= s.from_version OR o.from_version < COALESCE(s.until_version, 4294967295)',
  'a public group that is not listed, or the reverse':
    "SELECT g.id FROM `groups` g LEFT JOIN public_groups p ON p.group_id = g.id WHERE (g.state = 'active' AND g.is_public = 1) <> (p.group_id IS NOT NULL)",
  'an account that its ledger does not explain':
    'SELECT a.id FROM accounts a LEFT JOIN ledger l ON l.account_id = a.id GROUP BY a.id, a.balance HAVING a.balance <> COALESCE(SUM(l.amount), 0)',
  'a delivery that nothing came of':
    "SELECT message_id FROM deliveries WHERE state IN ('queued', 'sending', 'unknown')",
};

async function checkAll(world: World): Promise<void> {
  for (const [what, sql] of Object.entries(mustNotBe))
    expect(await rows(world.runtime.db, sql), what).to.deep.equal([]);
  const counts = await rows<{ code: string; count: number }>(
    world.runtime.db,
    "SELECT g.invite_code AS code, COUNT(m.id) AS count FROM `groups` g LEFT JOIN memberships m ON m.group_id = g.id AND m.live = 1 AND m.left_at IS NULL WHERE g.state = 'active' AND g.is_public = 1 GROUP BY g.id, g.invite_code",
  );
  const counted = new Map(counts.map(({ code, count }) => [code, count]));
  const { body } = await world.call('/group/list');
  for (const { invite_code: code, count, full } of body.groups as {
    invite_code: string;
    count: number;
    full: number;
  }[]) {
    expect(count, code).to.equal(counted.get(code));
    expect(full, code).to.equal(count >= MAX_MEMBERS ? 1 : 0);
  }
}
