import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient, type Event } from '../../../client/index.ts';
import { readCursor } from '../../../engine/usecases/events/cursor.ts';
import type { Random } from '../random.ts';

/** An app that reads the events of one group by its cursor, and is itself cut off again and again. */
export type AppReader = {
  name: string;
  groupId: number;
  /** Where it began, by its first cursor. */
  begun: Place;
  heard: readonly Event[];
  /** How far its cursor is. */
  place(): Place;
  /** What it has not been told the end of. */
  open(): readonly { membershipId: number; messageId: number }[];
  membershipId: number;
  stop(): Promise<void>;
};
export type Place = { message: number; event: number };
export type ReadingBy = 'pages' | 'stream';

type Asked = { api: string; sid: string; groupId: number; name: string; by: ReadingBy; random: Random };

/** Begins with what comes from now on. */
export async function startReader({ api, sid, groupId, name, by, random }: Asked): Promise<AppReader> {
  const client = createClient({ url: api, token: sid, retries: 0 });
  const first = await client.getEvents({});
  if (first.status !== 'OK') throw new Error(`${name} could not begin: ${first.error_type}`);
  const stopping = new AbortController();
  const reading: Reading = { client, random, signal: stopping.signal, cursor: first.cursor, heard: [] };
  const going = readers[by](reading);
  const [membershipId, begun] = placesOf(first.cursor);
  return {
    ...{ name, groupId, membershipId, begun, heard: reading.heard },
    place: () => placesOf(reading.cursor)[1],
    open: () => readCursor(reading.cursor)?.open ?? [],
    async stop() {
      stopping.abort();
      await going;
    },
  };
}

/** `cursor` is kept together with what was heard up to it, as an app does that keeps both in one transaction. */
type Reading = { client: Client; random: Random; signal: AbortSignal; cursor: string; heard: Event[] };

const readers: Record<ReadingBy, (reading: Reading) => Promise<void>> = {
  async pages(reading) {
    const { client, random, signal } = reading;
    while (!signal.aborted) {
      const limit = Math.ceil(random.between(0, 20));
      const cut = AbortSignal.any([signal, AbortSignal.timeout(PAGE_WITHIN_MS)]);
      const page = await client.getEvents({ cursor: reading.cursor, limit }, { signal: cut }).catch(() => null);
      const isRead = page?.status === 'OK';
      if (isRead) {
        reading.heard.push(...page.events);
        reading.cursor = page.cursor;
      }
      await pause(isRead && page.more === 1 ? 0 : random.between(400, 1_200), signal);
    }
  },
  async stream(reading) {
    const { client, random, signal } = reading;
    while (!signal.aborted) {
      const cut = AbortSignal.any([signal, AbortSignal.timeout(Math.round(random.between(1_000, 8_000)))]);
      for await (const { event, cursor } of client.events({ cursor: reading.cursor, signal: cut })) {
        // What was on its way when the line was cut is not heard, and so comes again.
        if (cut.aborted) break;
        reading.heard.push(event);
        reading.cursor = cursor;
      }
      await pause(random.between(0, 300), signal);
    }
  },
};

const PAGE_WITHIN_MS = 5_000;

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** The reader is in one group. */
function placesOf(cursor: string): [membershipId: number, place: Place] {
  const [first] = readCursor(cursor)?.places ?? [];
  if (first === undefined) throw new Error('a cursor without a group');
  return first;
}
