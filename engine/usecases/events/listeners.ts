import { readBelonging, readGroupProgress } from '../../../db/groups/group-progress.ts';
import { findWorkingKeys } from '../../../db/people/api-keys.ts';
import { findOpenSessions } from '../../../db/people/sessions.ts';
import type { Session } from '../../people/sessions.ts';
import { DomainError } from '../../platform/errors.ts';
import { warnRarely } from '../../platform/rarely.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { openTicks } from '../../platform/ticks.ts';
import { followAgainMs } from './follow.ts';
import { markOfBelonging, markOfGroups } from './progress.ts';
import { findMoved } from './read-deliveries.ts';
import { begin, type Listener, openTelling, type Telling, type Told } from './telling.ts';

export type Listeners = {
  /** Begins to tell; the returned function ends it. Throws UNAVAILABLE where there are too many, in all or of a session. */
  add(listener: Listener): () => void;
  count(): number;
  /** Ends all that are there, and takes no more. */
  endAll(): void;
  close(): void;
};

/**
 * For `runtime.use`: all listeners of this process. MySQL is asked for all of them at once whether something has happened,
 * some times a second, and those for whom something has read together: an idle one costs no statement of its own, and the
 * listeners of a group that has moved cost as many as one of them. Nothing but MySQL is needed, and what is missed between
 * two looks is seen at the next.
 */
export function openListeners(runtime: Runtime): Listeners {
  const all = new Set<Listening>();
  const ofSession = new Map<string, number>();
  const telling = openTelling(runtime);
  const [belongingTurns, checkTurns] = [openTurns(all, 0), openTurns(all, TURNS / 2)];
  let added = 0;
  const ticks = openTicks({
    everyMs: TICK_MS,
    onError(err) {
      // Where nobody listens any more the process may be about to end, and its connections with it.
      if (all.size > 0) warnRarely(runtime.log, { err }, 'listeners could not be told for the moment');
    },
    works: [
      { everyMs: LOOK_EVERY_MS, work: () => lookForNews(runtime, all, telling) },
      { everyMs: TURN_MS, work: () => lookForGroups(runtime, belongingTurns(), telling) },
      { everyMs: FOLLOW_EVERY_MS, work: () => lookAtDeliveries(runtime, all, telling) },
      { everyMs: TICK_MS, work: async () => telling.goOn() },
      { everyMs: BEAT_MS, work: async () => beatAll(all) },
      { everyMs: TURN_MS, work: () => endUnauthorized(runtime, checkTurns()) },
    ],
  });
  let ended = false;
  function remove(one: Listening): void {
    if (!all.delete(one)) return;
    telling.forget(one);
    ofSession.set(one.name, (ofSession.get(one.name) ?? 1) - 1);
    if (ofSession.get(one.name) === 0) ofSession.delete(one.name);
    one.listener.end();
    if (all.size === 0) ticks.stop();
  }
  const endAll = () => {
    ended = true;
    for (const one of [...all]) remove(one);
  };
  return {
    add(listener) {
      const name = nameOf(listener.session);
      const before = ofSession.get(name) ?? 0;
      if (ended || all.size >= runtime.config.EVENT_LISTENERS || before >= MOST_OF_SESSION)
        throw new DomainError('UNAVAILABLE', { subtype: 'listeners', retryAfter: 30 });
      const one: Listening = {
        listener,
        name,
        turn: added++ % TURNS,
        remove: () => remove(one),
        ...begin(listener.after),
      };
      all.add(one);
      ofSession.set(name, before + 1);
      telling.wake(one);
      ticks.start();
      return one.remove;
    },
    count: () => all.size,
    endAll,
    close: endAll,
  };
}

type Listening = Told & { name: string; turn: number; remove(): void };

const TICK_MS = 100;
const LOOK_EVERY_MS = 400;
const FOLLOW_EVERY_MS = 500;
const BEAT_MS = 1_000;
/**
 * What is asked of each person and session is asked of a tenth of them at a time, so that nothing else waits for thousands. Of each
 * every two seconds: that is how long somebody whose session ended is told on at most, nearly.
 */
const TURNS = 10;
const TURN_MS = 200;
const MOST_OF_SESSION = 20;

function beatAll(all: ReadonlySet<Listening>): void {
  for (const { listener } of all) listener.beat();
}

/** Of each group once, however many listen. A listener that is being read for is looked at the next time. */
async function lookForNews({ db }: Runtime, all: ReadonlySet<Listening>, telling: Telling): Promise<void> {
  const groups = new Set<number>();
  for (const { progress } of all) for (const groupId of progress?.groupIds ?? []) groups.add(groupId);
  const now = await readGroupProgress(db, [...groups]);
  for (const one of all) {
    const { progress, isReading } = one;
    if (progress !== null && !isReading && markOfGroups(progress.groupIds, now) !== progress.groups) telling.wake(one);
  }
}

/** Those whose turn it is, all of them once in `TURNS` calls. */
function openTurns(all: ReadonlySet<Listening>, first: number): () => Listening[] {
  let at = first;
  return () => {
    at = (at + 1) % TURNS;
    return [...all].filter(({ turn }) => turn === at);
  };
}

/** Of each person, and so less often: whether they came into another group, or their account ran low. */
async function lookForGroups({ db }: Runtime, all: readonly Listening[], telling: Telling): Promise<void> {
  for (const some of inParts(all)) {
    const now = await readBelonging(db, [...new Set(some.map(({ listener }) => listener.session.personId))]);
    for (const one of some) {
      const { progress, isReading, listener } = one;
      const mark = markOfBelonging(now.get(listener.session.personId));
      if (progress !== null && !isReading && mark !== progress.belonging) telling.wake(one);
    }
  }
}

/** Deliveries that listeners follow, of all of them together. */
async function lookAtDeliveries(runtime: Runtime, all: ReadonlySet<Listening>, telling: Telling): Promise<void> {
  const now = performance.now();
  const due = [...all].filter(({ follow }) => follow !== null && now >= follow.next);
  const moved = await findMoved(
    runtime,
    due.flatMap(({ follow }) => follow?.open ?? []),
  );
  for (const one of due) {
    const { follow } = one;
    if (follow === null) continue;
    if (follow.open.some((message) => moved.has(message))) telling.wake(one);
    follow.next = performance.now() + followAgainMs(performance.now() - follow.since);
  }
}

/** Ends those whose session was logged out, or whose key was revoked. Who came meanwhile is looked at the next time. */
async function endUnauthorized({ db }: Runtime, all: readonly Listening[]): Promise<void> {
  for (const some of inParts(all)) {
    const sessions = some.map(({ listener }) => listener.session);
    const hashes = sessions.flatMap(({ sidHash }) => (sidHash === null ? [] : [sidHash]));
    const keyIds = sessions.flatMap(({ key }) => (key === undefined ? [] : [key.id]));
    const [sids, keys] = await Promise.all([findOpenSessions(db, hashes), findWorkingKeys(db, keyIds)]);
    for (const { listener, remove } of some) {
      const { key, sidHash } = listener.session;
      if (key === undefined ? !sids.has(sidHash?.toString('base64') ?? '') : !keys.has(key.id)) remove();
    }
  }
}

/** Each some milliseconds of this process, between which it sees to what else there is to do. */
function inParts(all: readonly Listening[]): Listening[][] {
  return Array.from({ length: Math.ceil(all.length / PART) }, (_, at) => all.slice(at * PART, (at + 1) * PART));
}

const PART = 500;

function nameOf({ sidHash, key }: Session): string {
  return key === undefined ? `sid ${sidHash?.toString('base64')}` : `key ${key.id}`;
}
