import { readProgress } from '../../../db/groups/group-progress.ts';
import { findWorkingKeys } from '../../../db/people/api-keys.ts';
import { findOpenSessions } from '../../../db/people/sessions.ts';
import type { Session } from '../../people/sessions.ts';
import { DomainError } from '../../platform/errors.ts';
import { warnRarely } from '../../platform/rarely.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { openTicks } from '../../platform/ticks.ts';
import type { Cursor } from './cursor.ts';
import { followAgainMs } from './follow.ts';
import { type Beginning, readEvents, type Step } from './read-events.ts';

/** Somebody who is told of events as they happen. */
export type Listener = {
  session: Session;
  after: Cursor | Beginning;
  /** Takes events, perhaps none, and how far that is; false where it can take no more for the moment. */
  take(steps: readonly Step[], cursor: Cursor): boolean;
  isFull(): boolean;
  /** Is called each second: to show that the line lives, and to let it go where nobody takes anything. */
  beat(): void;
  /** Nothing more comes. */
  end(): void;
};

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
 * some times a second, and each for whom something has reads by itself, a few at a time: an idle one costs no statement of its
 * own. Nothing but MySQL is needed, and what is missed between two looks is seen at the next.
 */
export function openListeners(runtime: Runtime): Listeners {
  const all = new Set<Listening>();
  const ticks = openTicks({
    everyMs: TICK_MS,
    onError: (err) => warnRarely(runtime.log, { err }, 'listeners could not be told for the moment'),
    works: [
      { everyMs: LOOK_EVERY_MS, work: () => lookForNews(runtime, all) },
      { everyMs: TICK_MS, work: async () => tellSome(runtime, all) },
      { everyMs: BEAT_MS, work: async () => beatAll(all) },
      { everyMs: CHECK_EVERY_MS, work: () => endUnauthorized(runtime, all) },
    ],
  });
  function remove(one: Listening): void {
    if (all.delete(one)) one.listener.end();
    if (all.size === 0) ticks.stop();
  }
  let ended = false;
  const endAll = () => {
    ended = true;
    for (const one of [...all]) remove(one);
  };
  return {
    add(listener) {
      const name = nameOf(listener.session);
      const ofSession = [...all].filter((one) => one.name === name).length;
      if (ended || all.size >= runtime.config.EVENT_LISTENERS || ofSession >= MOST_OF_SESSION)
        throw new DomainError('UNAVAILABLE', { subtype: 'listeners', retryAfter: 30 });
      const one: Listening = {
        listener,
        name,
        after: listener.after,
        news: true,
        reading: false,
        mark: '',
        follow: null,
        remove: () => remove(one),
      };
      all.add(one);
      ticks.start();
      return one.remove;
    },
    count: () => all.size,
    endAll,
    close: endAll,
  };
}

type Listening = {
  listener: Listener;
  name: string;
  after: Cursor | Beginning;
  /** Something has happened since it read last. */
  news: boolean;
  reading: boolean;
  mark: string;
  /** While it follows deliveries: when to look at them next, and since when none has moved. */
  follow: { next: number; since: number } | null;
  remove(): void;
};

const TICK_MS = 100;
const LOOK_EVERY_MS = 400;
const BEAT_MS = 1_000;
/** How long somebody whose session ended is told on at most, nearly. */
const CHECK_EVERY_MS = 2_000;
const MOST_OF_SESSION = 20;
const READS_AT_ONCE = 4;

function beatAll(all: ReadonlySet<Listening>): void {
  for (const { listener } of all) listener.beat();
}

async function lookForNews({ db }: Runtime, all: ReadonlySet<Listening>): Promise<void> {
  const marks = await readProgress(db, [...new Set([...all].map(({ listener }) => listener.session.personId))]);
  for (const one of all) {
    const mark = marks.get(one.listener.session.personId) ?? '';
    if (mark !== one.mark) one.news = true;
    one.mark = mark;
  }
}

function tellSome(runtime: Runtime, all: ReadonlySet<Listening>): void {
  let room = READS_AT_ONCE - [...all].filter(({ reading }) => reading).length;
  const now = performance.now();
  for (const one of all) {
    if (room <= 0) return;
    const isDue = one.news || (one.follow !== null && now >= one.follow.next);
    if (!isDue || one.reading || one.listener.isFull()) continue;
    room -= 1;
    void tell(runtime, one).then(() => tellSome(runtime, all));
  }
}

/** Reads until there is nothing more, or the listener takes no more: then it goes on where it stopped. */
async function tell(runtime: Runtime, one: Listening): Promise<void> {
  one.reading = true;
  one.news = false;
  try {
    const { steps, cursor, more } = await readEvents(runtime, one.listener.session, { after: one.after, limit: PAGE });
    one.listener.take(steps, cursor);
    one.after = cursor;
    one.news ||= more;
    one.follow = followOn(one.follow, { isOpen: cursor.open.length > 0, moved: steps.length > 0 });
  } catch (err) {
    one.news = true;
    warnRarely(runtime.log, { err }, 'a listener could not be told for the moment');
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
  } finally {
    one.reading = false;
  }
}

const PAGE = 100;
const AGAIN_MS = 500;

/** Deliveries that have not moved for long are looked at more seldom. */
function followOn(
  before: Listening['follow'],
  { isOpen, moved }: { isOpen: boolean; moved: boolean },
): Listening['follow'] {
  if (!isOpen) return null;
  const now = performance.now();
  const since = moved ? now : (before?.since ?? now);
  return { since, next: now + followAgainMs(now - since) };
}

/** Ends those whose session was logged out, or whose key was revoked. */
async function endUnauthorized({ db }: Runtime, all: ReadonlySet<Listening>): Promise<void> {
  const sessions = [...all].map(({ listener }) => listener.session);
  const [sids, keys] = await Promise.all([
    findOpenSessions(
      db,
      sessions.flatMap(({ sidHash }) => (sidHash === null ? [] : [sidHash])),
    ),
    findWorkingKeys(
      db,
      sessions.flatMap(({ key }) => (key === undefined ? [] : [key.id])),
    ),
  ]);
  for (const { listener, remove } of [...all]) {
    const { key, sidHash } = listener.session;
    if (key === undefined ? !sids.has(sidHash?.toString('base64') ?? '') : !keys.has(key.id)) remove();
  }
}

function nameOf({ sidHash, key }: Session): string {
  return key === undefined ? `sid ${sidHash?.toString('base64')}` : `key ${key.id}`;
}
