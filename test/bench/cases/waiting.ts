import { setTimeout as sleep } from 'node:timers/promises';
import { type Arrival, arrivalsAfter } from '../arrivals.ts';
import type { Case } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { megabytesBesideRosters, memoryOf, most } from '../memory.ts';
import type { Inbound } from '../poster.ts';
import { logIn } from '../seed-data.ts';
import { BROADCASTS_AT_ONCE, isWritten, textsFor } from './backlog.ts';

const GROUPS = 10;
const MEMBERS = 10_000;
const FEW = 1_001;
const ACCOUNT_MPS = 100;
const LEAVERS = 5;
/** So many places behind the last who was texted stands the first who leaves: some seconds. */
const AHEAD = 100;
const LOOKS = 10;
const LOOK_MS = 200;
/** More than two turns of every group: one that is still served shows in it. */
const SILENCE_MS = 6_000;

const BESIDE_ROSTERS = 'MB in Redis, rosters left out';
const FEW_WAITING = '1,000 waiting';
const MANY_WAITING = '1,000,000 waiting';

/** What waits for the account's limit: what it takes in Redis, and whether it stops when nobody wants it any more. */
export const waiting: Case = {
  name: 'waiting',
  reporting: 'none',
  settings: { NUMBER_MPS: '0', ACCOUNT_MPS: String(ACCOUNT_MPS) },
  title: `Deliveries that wait for an account of ${ACCOUNT_MPS} a second, ${GROUPS} groups of ${MEMBERS.toLocaleString('en-US')}`,
  mostRounds: 0,
  async prepare(fixture, { share, onProgress }) {
    onProgress('Preparing the groups');
    const [few] = await makeGroups(fixture.db, { groups: 1, members: FEW });
    const groups = await makeGroups(fixture.db, { groups: GROUPS, members: MEMBERS });
    const [deleted, left] = groups;
    if (few === undefined || deleted === undefined || left === undefined) throw new Error('there are no groups');
    // Redis holds the members of each group that was heard of, whatever waits: so in both.
    const commands = groups.map(({ phones, number }) => ({ from: phones[0] ?? '', to: number, text: '*count' }));
    await fixture.poster.send('text', { inbound: commands }, { atOnce: 1 });
    const one = [{ from: few.phones[0] ?? '', to: few.number, text: 'To a thousand' }];
    return [
      { name: FEW_WAITING, round: () => hold(fixture, one) },
      { name: MANY_WAITING, round: () => hold(fixture, textsFor(groups, share)) },
      { name: 'cancelled: the group is deleted', round: () => deleteGroup(fixture, deleted) },
      { name: `cancelled: ${LEAVERS} whose turn comes leave`, round: () => leave(fixture, left) },
    ];
  },
  ratios: [
    {
      name: 'Redis memory, 1,000,000 ÷ 1,000 waiting',
      over: [MANY_WAITING, 'MB in Redis'],
      under: [FEW_WAITING, 'MB in Redis'],
    },
    {
      name: 'the same, rosters left out',
      over: [MANY_WAITING, BESIDE_ROSTERS],
      under: [FEW_WAITING, BESIDE_ROSTERS],
    },
  ],
};

async function hold(fixture: Fixture, inbound: readonly Inbound[]): Promise<Figures> {
  const start = performance.now();
  await fixture.poster.send('text', { inbound }, { atOnce: BROADCASTS_AT_ONCE });
  while (!(await isWritten(fixture))) await sleep(LOOK_MS);
  const ms = performance.now() - start;
  let memory: Figures = {};
  for (let look = 0; look < LOOKS; look++) {
    memory = most(memory, { ...(await memoryOf(fixture)), [BESIDE_ROSTERS]: await megabytesBesideRosters(fixture) });
    await sleep(LOOK_MS);
  }
  return { 's until they wait': ms / 1000, ...memory };
}

async function deleteGroup(fixture: Fixture, { phones, number }: Group): Promise<Figures> {
  const members = new Set(phones);
  const sid = await logIn(fixture.db, phones[0] ?? '');
  const { taken } = await fixture.outcomes.begin();
  const calls = [{ path: '/group/delete', params: { sid, number } }];
  const { beganAt } = await fixture.poster.send('call', { calls }, { atOnce: 1 });
  // The news that the group is gone is no part of what was cancelled.
  const isCancelled = ({ to, text }: Arrival) => members.has(to) && text.includes(BROADCAST_WORDS);
  return { [STOPPED]: (await lastOf(fixture, { taken, isCancelled, since: beganAt[0] ?? 0 })) / 1000 };
}

/** Some to whom the group's text is still to come leave before their turn. */
async function leave(fixture: Fixture, { phones, number }: Group): Promise<Figures> {
  const places = new Map(phones.map((phone, place) => [phone, place]));
  const furthest = async () => {
    const arrivals = await arrivalsAfter(fixture.simulator, 0);
    return Math.max(0, ...arrivals.map(({ to }) => places.get(to) ?? 0));
  };
  const from = (await furthest()) + AHEAD;
  const leavers = phones.slice(from, from + LEAVERS);
  const { taken } = await fixture.outcomes.begin();
  const inbound = leavers.map((phone) => ({ from: phone, to: number, text: '*bye' }));
  const { beganAt } = await fixture.poster.send('text', { inbound }, { atOnce: 1 });
  const gone = new Set(leavers);
  const isCancelled = ({ to, text }: Arrival) => gone.has(to) && text.includes(BROADCAST_WORDS);
  const ms = await lastOf(fixture, { taken, isCancelled, since: beganAt.at(-1) ?? 0 });
  for (const limit = Date.now() + TIMEOUT_MS; (await furthest()) < from + LEAVERS; await sleep(LOOK_MS)) {
    if (Date.now() > limit) throw new Error('nobody after those who left was texted');
  }
  return { [STOPPED]: ms / 1000 };
}
const TIMEOUT_MS = 60_000;

const STOPPED = 's until the last text of it';
/** Of what `saysInTurn` says. */
const BROADCAST_WORDS = 'Who brings the ball';

/** How long after `since` the last of these arrived; it is the last when a while has passed without another. */
async function lastOf(
  fixture: Fixture,
  { taken, isCancelled, since }: { taken: number; isCancelled: (arrival: Arrival) => boolean; since: number },
): Promise<number> {
  let last = since;
  do {
    await sleep(LOOK_MS);
    const found = (await arrivalsAfter(fixture.simulator, taken)).findLast(isCancelled);
    last = Math.max(last, found?.at ?? 0);
  } while (Date.now() - last < SILENCE_MS);
  return last - since;
}
