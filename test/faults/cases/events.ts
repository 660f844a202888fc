import { setTimeout as sleep } from 'node:timers/promises';
import { openSid } from '../crowd.ts';
import { type Hook, hasAll, registerHooks, removeHooks, sayHooks, wrongHooks } from '../events/hooks.ts';
import { type AppReader, type Place, startReader } from '../events/readers.ts';
import { openReceivers } from '../events/receivers.ts';
import { findUnheard, type Spoken, startTalk } from '../events/talk.ts';
import { findMiscounted, findUntrue, isReached, placeOf } from '../events/truth.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';
import { killOften } from '../kill-often.ts';
import type { Random } from '../random.ts';

/** Texts a second that apps are to hear, beside those of the load. */
const RATE = 3;
/** For this share of the time nothing is broken yet. */
const CALM = 0.25;
/** How long the last reader and the last receiver may take: a dead one rests for as long as it was dead, and more. */
const CAUGHT_UP_WITHIN_MS = 240_000;

export const eventsFault: Fault = {
  name: 'events',
  does: 'kill -9 of random processes while apps read by cursor, from two doors a group, and webhooks go to receivers of which some fail, are slow or dead; lasts 4 × --seconds',
  times: 1,
  async strike(fixture, random, _mend, note) {
    const readers = await startReaders(fixture, random);
    const receivers = await openReceivers(random);
    const hooks = await registerHooks(fixture, receivers);
    const talk = startTalk(fixture, { random, rate: RATE });
    const seconds = 4 * fixture.seconds;
    await sleep(CALM * seconds * 1_000);
    const calmUntil = Date.now();
    const kills = await killOften(fixture, random, {
      types: ['web', 'fanout', 'sender', 'clock'],
      isOver: () => Date.now() > calmUntil + (1 - CALM) * seconds * 1_000,
    });
    receivers.revive();
    await talk.stop();
    const late = await catchUp(fixture, { readers, hooks });
    await Promise.all(readers.map((reader) => reader.stop()));
    const wrong = [
      ...late,
      ...(await wrongReaders(fixture, readers, talk.said)),
      ...(await wrongHooks(fixture, hooks, talk.said)),
    ];
    await removeHooks(fixture, hooks);
    receivers.close();
    note(
      `${kills} kills; ${readers.length} readers heard ${readers.reduce((sum, { heard }) => sum + heard.length, 0)} events`,
    );
    for (const line of sayHooks(hooks, { said: talk.said, calmUntil })) note(line);
    if (wrong.length > 0) throw new Error(wrong.slice(0, MOST_LINES).join('\n    '));
  },
};

const MOST_LINES = 8;

/** The owner of each group and another member, one by pages and one by a stream. */
async function startReaders({ api, db, groups }: Fixture, random: Random): Promise<AppReader[]> {
  const wanted = await Promise.all(
    groups.flatMap(({ id: groupId, sid, phones }, at) => {
      const [one, other] = at % 2 === 0 ? (['pages', 'stream'] as const) : (['stream', 'pages'] as const);
      return [
        { sid: Promise.resolve(sid), groupId, name: `the owner of group ${groupId}, by ${one}`, by: one },
        { sid: openSid(db, phones[1] ?? ''), groupId, name: `a member of group ${groupId}, by ${other}`, by: other },
      ].map(async (reader) => ({ ...reader, sid: await reader.sid }));
    }),
  );
  const before = new Map<number, Place>();
  for (const { id } of groups) before.set(id, await placeOf({ db }, id));
  const readers = await Promise.all(wanted.map((reader) => startReader({ ...reader, api, random })));
  for (const { name, groupId, begun } of readers) {
    const isBetween =
      isReached(begun, before.get(groupId) ?? begun) && isReached(await placeOf({ db }, groupId), begun);
    if (!isBetween) throw new Error(`${name} began elsewhere than where its group was`);
  }
  return readers;
}

/** Waits until all are where their groups are now; returns sentences on those that are not. */
async function catchUp(
  fixture: Fixture,
  { readers, hooks }: { readers: readonly AppReader[]; hooks: readonly Hook[] },
): Promise<string[]> {
  const goals = new Map<number, Place>();
  for (const { id } of fixture.groups) goals.set(id, await placeOf(fixture, id));
  const goalOf = ({ groupId }: { groupId: number }) => goals.get(groupId) ?? { message: 0, event: 0 };
  const until = Date.now() + CAUGHT_UP_WITHIN_MS;
  let behind: readonly (AppReader | Hook)[] = [...readers, ...hooks];
  while (behind.length > 0 && Date.now() < until) {
    await sleep(500);
    const left: (AppReader | Hook)[] = [];
    for (const one of behind) {
      const isThere = 'receiver' in one ? await hasAll(fixture, one, goalOf(one)) : isReached(one.place(), goalOf(one));
      if (!isThere) left.push(one);
    }
    behind = left;
  }
  return behind.map(({ name }) => `${name} has not caught up`);
}

async function wrongReaders(
  fixture: Fixture,
  readers: readonly AppReader[],
  said: readonly Spoken[],
): Promise<string[]> {
  const wrong: string[] = [];
  for (const reader of readers) {
    const { begun: from, heard } = reader;
    wrong.push(...(await findUntrue(fixture, { ...reader, from, until: reader.place() })));
    wrong.push(...findUnheard(said, { ...reader, heard }), ...(await findMiscounted(fixture, reader)));
  }
  return wrong;
}
