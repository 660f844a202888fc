import { createClient } from '../../../client/index.ts';
import { row } from '../../../db/connect.ts';
import { groupEventKinds } from '../../../engine/rules/group-events.ts';
import { readCursor } from '../../../engine/usecases/events/cursor.ts';
import { shareOf } from '../../bench/spread.ts';
import type { Fixture } from '../fixture.ts';
import type { Place } from './readers.ts';
import type { Health, Receiver, Receivers } from './receivers.ts';
import { findUnheard, type Spoken, spokenIn } from './talk.ts';
import { findUntrue, isReached, placeOf } from './truth.ts';

/** A webhook of the owner of a group, and where it began. */
export type Hook = {
  name: string;
  id: number;
  sid: string;
  groupId: number;
  receiver: Receiver;
  begun: Place;
  /** The last event that was kept for it when it had come as far as it was to come. */
  lastEventId: number | null;
};

const ILL: readonly Health[] = ['failing', 'slow', 'dead'];
const TYPES = ['message.accepted', ...Object.values(groupEventKinds).map(({ type }) => type)].join(',');

/** Each owner has a healthy receiver, and beside it one that is not. */
export async function registerHooks(fixture: Fixture, receivers: Receivers): Promise<Hook[]> {
  const hooks: Hook[] = [];
  for (const [at, group] of fixture.groups.entries())
    for (const health of ['healthy', ILL[at % ILL.length] ?? 'healthy'] as const)
      hooks.push(await register(fixture, group, receivers.add(health)));
  return hooks;
}

/** Made anew where something was kept for it before anybody could look where it began. */
async function register(
  { api, db }: Fixture,
  { id: groupId, sid }: Fixture['groups'][number],
  receiver: Receiver,
): Promise<Hook> {
  const client = createClient({ url: api, token: sid });
  for (;;) {
    receiver.secret = null;
    const made = await client.createHook({ url: receiver.url, events: TYPES });
    if (made.status !== 'OK') throw new Error(`no webhook was made: ${made.error_type}`);
    const now = await row<{ place: string; kept: number }>(
      db,
      'SELECT place, EXISTS (SELECT 1 FROM hook_events e WHERE e.hook_id = h.id) AS kept FROM hooks h WHERE id = ?',
      [made.id],
    );
    const [begun] = readCursor(now?.place ?? '')?.places.values() ?? [];
    if (now?.kept === 0 && begun !== undefined) {
      receiver.secret = made.secret;
      const name = `the webhook ${made.id} (${receiver.health}) of group ${groupId}`;
      return { name, id: made.id, sid, groupId, receiver, begun, lastEventId: null };
    }
    await client.deleteHook({ hook_id: made.id });
  }
}

export async function removeHooks({ api }: Fixture, hooks: readonly Hook[]): Promise<void> {
  for (const { id, sid } of hooks) await createClient({ url: api, token: sid }).deleteHook({ hook_id: id });
}

/** Whether all up to a place was kept for it, and all of that was taken. */
export async function hasAll({ db }: Fixture, hook: Hook, goal: Place): Promise<boolean> {
  const now = await row<{ place: string; last: number; oldest: number | null }>(
    db,
    `SELECT place, (SELECT COALESCE(MAX(e.id), 0) FROM hook_events e WHERE e.hook_id = h.id) AS last,
       (SELECT MIN(e.id) FROM hook_events e WHERE e.hook_id = h.id AND e.state = 'waiting') AS oldest
     FROM hooks h WHERE id = ?`,
    [hook.id],
  );
  const [place] = readCursor(now?.place ?? '')?.places.values() ?? [];
  if (now === undefined || place === undefined || !isReached(place, goal)) return false;
  hook.lastEventId ??= now.last;
  return now.oldest === null || now.oldest > hook.lastEventId;
}

/**
 * Sentences on what a webhook did not get, or not in the order of its group: what came again is let be, for at least once
 * is what is promised. What is still on its way is no part of it.
 */
export async function wrongHooks(fixture: Fixture, hooks: readonly Hook[], said: readonly Spoken[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, groupId, begun: from, receiver } of hooks) {
    const until = await placeOf(fixture, groupId);
    const heard = receiver.taken.filter(({ again }) => !again).map(({ event }) => event);
    wrong.push(...(await findUntrue(fixture, { name, groupId, heard, from, until, isUnfinished: true })));
    wrong.push(...findUnheard(said, { name, groupId, heard }));
    if (receiver.forged > 0) wrong.push(`${name} got ${receiver.forged} posts that were not signed by its secret`);
  }
  return wrong;
}

/** What receivers got, and how long that took from the text to the webhook, before the kills and meanwhile. */
export function sayHooks(
  hooks: readonly Hook[],
  { said, calmUntil }: { said: readonly Spoken[]; calmUntil: number },
): string[] {
  const times = new Map(said.filter(({ isTaken }) => isTaken).map(({ id, at }) => [id, at]));
  return [...new Set(hooks.map(({ receiver }) => receiver.health))].map((health) => {
    const receivers = hooks.map(({ receiver }) => receiver).filter((one) => one.health === health);
    const taken = receivers.flatMap((one) => one.taken);
    const waits = taken.flatMap(({ event, at, again }) => {
      const saidAt = times.get(spokenIn(event) ?? 0);
      return again || saidAt === undefined ? [] : [{ saidAt, ms: at - saidAt }];
    });
    const [calm, broken] = [true, false].map((isCalm) =>
      sayWaits(waits.filter(({ saidAt }) => saidAt < calmUntil === isCalm).map(({ ms }) => ms)),
    );
    const refused = receivers.reduce((count, one) => count + one.refused, 0);
    const again = taken.filter((one) => one.again).length;
    return `${receivers.length} ${health} webhooks took ${taken.length}, ${again} of them again, and refused ${refused}; from the text ${calm} at first, ${broken} with the kills`;
  });
}

function sayWaits(waits: readonly number[]): string {
  const sorted = waits.toSorted((a, b) => a - b);
  const [median, p99] = [0.5, 0.99].map((share) => (shareOf(sorted, share) / 1_000).toFixed(2));
  return `${median} s (p99 ${p99} s)`;
}
