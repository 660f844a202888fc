import { setTimeout as sleep } from 'node:timers/promises';
import { readClock } from '../../db/clock.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { firstIdSince } from '../../db/first-since.ts';
import {
  deleteDeliveries,
  deleteGroupEvents,
  deleteHookEvents,
  deleteInbound,
  deletePolls,
  deleteSchedules,
  emptyTexts,
  holdPurge,
  type Purged,
} from '../../db/retention.ts';
import type { Runtime } from '../platform/runtime.ts';

/**
 * Deletes what was kept long enough, a little at a time: small pieces, and between them three times as long as each took, so
 * that sending hardly notices. Any number of clocks may run. Returns how many rows went.
 */
export async function deleteOld(runtime: Runtime): Promise<number> {
  const { KEEP_DELIVERIES_DAYS, KEEP_TEXTS_DAYS, KEEP_INBOUND_DAYS, KEEP_EVENTS_DAYS } = runtime.config;
  const now = (await readClock(runtime.db)).getTime();
  const ago = (days: number) => new Date(now - days * DAY_MS);
  const firsts = runtime.use(openFirsts);
  let gone = 0;
  if (KEEP_DELIVERIES_DAYS > 0) {
    const before = await firsts.since(ago(KEEP_DELIVERIES_DAYS), KEEP_DELIVERIES_DAYS);
    gone += await inPieces(runtime, 'deliveries', (tx, uptoId) => deleteDeliveries(tx, { uptoId, before }));
  }
  if (KEEP_TEXTS_DAYS > 0) {
    const before = await firsts.since(ago(KEEP_TEXTS_DAYS), KEEP_TEXTS_DAYS);
    gone += await inPieces(runtime, 'texts', (tx, uptoId) => emptyTexts(tx, { uptoId, before }));
    gone += await inPieces(runtime, 'texts', (tx) => deleteSchedules(tx, ago(KEEP_TEXTS_DAYS)));
    gone += await inPieces(runtime, 'texts', (tx) => deletePolls(tx, ago(KEEP_TEXTS_DAYS)));
  }
  if (KEEP_INBOUND_DAYS > 0)
    gone += await inPieces(runtime, 'inbound', (tx) => deleteInbound(tx, ago(KEEP_INBOUND_DAYS)));
  // A day longer than a cursor is good for: none of them misses what is deleted.
  if (KEEP_EVENTS_DAYS > 0)
    gone += await inPieces(runtime, 'events', (tx) => deleteGroupEvents(tx, ago(KEEP_EVENTS_DAYS + 1)));
  if (KEEP_EVENTS_DAYS > 0)
    gone += await inPieces(runtime, 'hooks', (tx) => deleteHookEvents(tx, ago(KEEP_EVENTS_DAYS)));
  return gone;
}

async function inPieces(
  runtime: Runtime,
  what: Purged,
  work: (tx: Tx, uptoId: number) => Promise<number>,
): Promise<number> {
  let all = 0;
  for (let piece = 0; piece < PIECES_A_TURN; piece++) {
    const start = performance.now();
    const gone = await transact(runtime.db, async (tx) => {
      const uptoId = await holdPurge(tx, what);
      return uptoId === undefined ? 0 : work(tx, uptoId);
    });
    if (gone === 0) break;
    all += gone;
    await sleep(REST * (performance.now() - start));
  }
  return all;
}

/** A turn a second: up to ten thousand rows of each kind, where MySQL is that fast. */
const PIECES_A_TURN = 20;
const REST = 3;
const DAY_MS = 86_400_000;

/** The bounds move by a second a second; that is looked up now and then. */
function openFirsts(runtime: Runtime): { since(since: Date, days: number): Promise<number> } {
  const known = new Map<number, { first: number; at: number }>();
  return {
    async since(since, days) {
      const last = known.get(days);
      if (last !== undefined && performance.now() - last.at < LOOK_EVERY_MS) return last.first;
      const first = await firstIdSince(runtime.db, 'messages', since);
      known.set(days, { first, at: performance.now() });
      return first;
    },
  };
}

const LOOK_EVERY_MS = 60_000;
