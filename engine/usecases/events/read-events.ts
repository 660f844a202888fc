import type { GroupPlace } from '../../../db/groups/group-events.ts';
import type { Session } from '../../people/sessions.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { type Cursor, type Place, withOpen, withoutOpen, withPlace } from './cursor.ts';
import { type AppEvent, epochSeconds } from './events.ts';
import { type Progress, progressOf } from './progress.ts';
import { readDeliveries } from './read-deliveries.ts';
import { type GroupStep, readGroup } from './read-group.ts';
import { openSharedReads } from './shared-reads.ts';

/** Who reads: a person, or a key of theirs, which reaches the groups that they own. */
export type Reader = Pick<Session, 'personId' | 'key'>;
/** An event, and the cursor of who has read it and all before it. */
export type Step = { event: AppEvent; cursor: Cursor };
/** `more`: there is more to read at once. The last cursor may be further than the last event's. */
export type EventPage = { steps: Step[]; cursor: Cursor; more: boolean };

/** Begins with all that is kept, or with what comes from now on. */
export type Beginning = 'start' | 'now';

/**
 * Returns the next events of a reader after a cursor, in the order of each group, at most `limit`. It looks at all groups of
 * the reader in one statement (`progress`), and then at those alone that have moved. In no transaction: how far each group has come is
 * read first, and all up to there is committed.
 */
export async function readEvents(
  runtime: Runtime,
  reader: Reader,
  { after, limit }: { after: Cursor | Beginning; limit: number },
): Promise<EventPage & { progress: Progress }> {
  const all = await runtime.use(openSharedReads).places(reader.personId);
  const places = all.filter((place) => isWithin(reader, place));
  const progress = progressOf(all);
  let page: EventPage = { steps: [], cursor: beginAt(places, after), more: false };
  for (const read of [readEnds, readGroups, readLow, readMoved]) {
    if (page.more || page.steps.length >= limit) return { ...page, progress, more: true };
    const next = await read(runtime, reader, { places, cursor: page.cursor, limit });
    page = { ...next, steps: [...page.steps, ...next.steps] };
  }
  return { ...page, progress };
}

type At = { places: readonly GroupPlace[]; cursor: Cursor; limit: number };

function isWithin({ key, personId }: Reader, { ownerId, groupId }: GroupPlace): boolean {
  if (key === undefined) return true;
  return ownerId === personId && (key.onlyGroupId === null || key.onlyGroupId === groupId);
}

/** A group that became the reader's after the cursor is read from its beginning, any other that it lacks from now on. */
function beginAt(places: readonly GroupPlace[], after: Cursor | Beginning): Cursor {
  const at = epochSeconds(new Date());
  const low = places[0]?.timesLow ?? 0;
  const begin = (place: GroupPlace): Place => {
    const known = typeof after === 'string' ? undefined : after.places.get(place.membershipId);
    // A database that was restored counts some of them again.
    if (known !== undefined) return earlierOf(known, { message: place.lastMessageId, event: place.lastEventId });
    const isNew = typeof after !== 'string' && epochSeconds(place.since) >= after.at - CLOCKS_SECONDS;
    return isNew || after === 'start' ? NOTHING_READ : { message: place.lastMessageId, event: place.lastEventId };
  };
  const begun = new Map(places.map((place) => [place.membershipId, begin(place)]));
  if (typeof after === 'string') return { at, low, places: begun, open: [] };
  return { ...after, at, places: new Map([...after.places, ...begun]) };
}

function earlierOf(a: Place, b: Place): Place {
  return { message: Math.min(a.message, b.message), event: Math.min(a.event, b.event) };
}

const NOTHING_READ: Place = { message: 0, event: 0 };
/** Processes do not share one clock, and what takes a group on may have taken its time. */
const CLOCKS_SECONDS = 60;

/** Groups that the reader is in no longer; one that a key does not reach any more is let go without a word. */
async function readEnds(runtime: Runtime, { personId }: Reader, { places, cursor }: At): Promise<EventPage> {
  const here = new Set(places.map(({ membershipId }) => membershipId));
  const lost = [...cursor.places.keys()].filter((membershipId) => !here.has(membershipId));
  const ended = await Promise.all(lost.map(runtime.use(openSharedReads).ended));
  const time = epochSeconds(new Date());
  let left = cursor;
  const steps = ended.flatMap((one): Step[] => {
    if (one?.personId !== personId) return [];
    left = without(left, one.membershipId);
    return [{ event: { type: 'group.gone', time, group: one.number }, cursor: left }];
  });
  return { steps, cursor: lost.reduce(without, left), more: false };
}

function without(cursor: Cursor, membershipId: number): Cursor {
  const places = new Map(cursor.places);
  places.delete(membershipId);
  return withoutOpen({ ...cursor, places }, (one) => one.membershipId === membershipId);
}

/** Each group that has moved gets its share, so that none keeps the others waiting; of too many, those furthest behind. */
async function readGroups(runtime: Runtime, _: Reader, { places, cursor, limit }: At): Promise<EventPage> {
  const behind = (place: GroupPlace) => {
    const { message, event } = cursor.places.get(place.membershipId) ?? NOTHING_READ;
    return Math.max(0, place.lastMessageId - message) + Math.max(0, place.lastEventId - event);
  };
  const moved = places.filter((place) => behind(place) > 0).sort((a, b) => behind(b) - behind(a));
  const share = Math.max(1, Math.floor(limit / Math.max(1, moved.length)));
  const read = await Promise.all(
    moved.slice(0, limit).map(async (place) => {
      const from = cursor.places.get(place.membershipId) ?? NOTHING_READ;
      return { place, ...(await readGroup(runtime, place, { from, limit: share })) };
    }),
  );
  let now = cursor;
  const steps = byTime(read).map(({ membershipId, step }): Step => {
    now = withPlace(now, membershipId, step.place);
    if (step.opens !== null) now = withOpen(now, { membershipId, messageId: step.opens, told: 0 });
    return { event: step.event, cursor: now };
  });
  for (const { place, end } of read) now = withPlace(now, place.membershipId, end);
  const isBehind = ({ place, end }: (typeof read)[number]) =>
    end.message < place.lastMessageId || end.event < place.lastEventId;
  return { steps, cursor: now, more: moved.length > limit || read.some(isBehind) };
}

/** Those of all groups by their times, and those of a group in its order, whatever clocks said. */
function byTime(
  read: readonly { place: GroupPlace; steps: readonly GroupStep[] }[],
): { membershipId: number; step: GroupStep }[] {
  const timed = read.flatMap(({ place: { membershipId }, steps }) => {
    let latest = 0;
    return steps.map((step) => {
      latest = Math.max(latest, step.event.time);
      return { membershipId, step, at: latest };
    });
  });
  return timed.sort((a, b) => a.at - b.at);
}

/** An account counts how often it ran low; several times at once are one event. */
async function readLow(_: Runtime, { key }: Reader, { places, cursor }: At): Promise<EventPage> {
  const { timesLow = cursor.low, balance = 0 } = places[0] ?? {};
  const told = { ...cursor, low: timesLow };
  const isNews = key === undefined && timesLow > cursor.low;
  const event: AppEvent = { type: 'account.low', time: epochSeconds(new Date()), balance };
  return { steps: isNews ? [{ event, cursor: told }] : [], cursor: told, more: false };
}

async function readMoved(runtime: Runtime, _: Reader, { places, cursor }: At): Promise<EventPage> {
  let now = cursor;
  const steps: Step[] = [];
  for (const { open, event, ends } of await readDeliveries(runtime, places, cursor.open)) {
    const isThis = (one: { membershipId: number; messageId: number }) =>
      one.membershipId === open.membershipId && one.messageId === open.messageId;
    now = ends ? withoutOpen(now, isThis) : withOpen(now, open);
    if (event !== null) steps.push({ event, cursor: now });
  }
  return { steps, cursor: now, more: false };
}
