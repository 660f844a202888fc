import { row, rows, run, type Sql, type Tx } from '../connect.ts';
import type { Lease } from './hooks.ts';

export type NewHookEvent = { stream: string; name: string; type: string; body: string };

/** Puts events behind those of their streams; the first of a stream is due. Under the hook's lease. */
export async function insertHookEvents(
  tx: Tx,
  hookId: number,
  { events, now }: { events: readonly NewHookEvent[]; now: Date },
): Promise<void> {
  if (events.length === 0) return;
  const streams = [...new Set(events.map(({ stream }) => stream))];
  const busy = await rows<{ stream: string }>(
    tx,
    "SELECT DISTINCT stream FROM hook_events WHERE hook_id = ? AND state = 'waiting' AND stream IN (?)",
    [hookId, streams],
  );
  const waits = new Set(busy.map(({ stream }) => stream));
  await run(tx, 'INSERT INTO hook_events (hook_id, stream, name, type, body, due_at, created_at) VALUES ?', [
    events.map(({ stream, name, type, body }) => {
      const dueAt = waits.has(stream) ? null : now;
      waits.add(stream);
      return [hookId, stream, name, type, body, dueAt, now];
    }),
  ]);
}

/** One that is to be tried. */
export type DueEvent = { id: number; stream: string; name: string; body: string; tries: number; createdAt: Date };

/** The first of each of some streams that are due, the longest due first. */
export async function findDueEvents(
  sql: Sql,
  { hookId, limit }: { hookId: number; limit: number },
): Promise<DueEvent[]> {
  return rows(
    sql,
    `SELECT id, stream, name, body, tries, created_at AS createdAt FROM hook_events
     WHERE hook_id = ? AND due_at <= NOW(3) ORDER BY due_at, id LIMIT ?`,
    [hookId, limit],
  );
}

export type Try = {
  state: 'waiting' | 'sent' | 'dead';
  dueAt: Date | null;
  http: number | null;
  error: string | null;
  ms: number;
};

/**
 * Keeps what a try came to; where it was the last, the next of its stream is due. Nothing is kept for a worker whose lease
 * another has taken. Returns the next.
 */
export async function recordTry(
  tx: Tx,
  { id: hookId, lease }: Lease,
  { id, stream, state, dueAt, http, error, ms }: Try & Pick<DueEvent, 'id' | 'stream'>,
): Promise<DueEvent | undefined> {
  const { affected } = await run(
    tx,
    `UPDATE hook_events e JOIN hooks h ON h.id = e.hook_id AND h.lease = ?
     SET e.state = ?, e.due_at = ?, e.http = ?, e.error = ?, e.ms = ?, e.tries = e.tries + 1, e.tried_at = NOW(3),
       e.body = IF(? = 'sent', '', e.body) WHERE e.id = ? AND e.state = 'waiting'`,
    [lease, state, dueAt, http, error, ms, state, id],
  );
  if (affected === 0 || state === 'waiting') return undefined;
  const next = await row<DueEvent>(
    tx,
    `SELECT id, stream, name, body, tries, created_at AS createdAt FROM hook_events
     WHERE hook_id = ? AND state = 'waiting' AND stream = ? ORDER BY id LIMIT 1`,
    [hookId, stream],
  );
  if (next !== undefined) await run(tx, 'UPDATE hook_events SET due_at = NOW(3) WHERE id = ?', [next.id]);
  return next;
}

/** What became of events: the log of a hook. */
export type HookLogLine = {
  id: number;
  stream: string;
  type: string;
  state: Try['state'];
  tries: number;
  dueAt: Date | null;
  createdAt: Date;
  triedAt: Date | null;
  http: number | null;
  error: string | null;
  ms: number | null;
};

/** The newest first, below `before`. */
export async function readHookLog(
  sql: Sql,
  { hookId, state, before, limit }: { hookId: number; state: Try['state'] | null; before: number; limit: number },
): Promise<HookLogLine[]> {
  return rows(
    sql,
    `SELECT id, stream, type, state, tries, due_at AS dueAt, created_at AS createdAt, tried_at AS triedAt, http, error, ms
     FROM hook_events WHERE hook_id = ? AND id < ? AND (? IS NULL OR state = ?) ORDER BY id DESC LIMIT ?`,
    [hookId, before, state, state, limit],
  );
}

/** Tries dead ones again, each by itself and so not in order any more. Returns how many. */
export async function reviveDead(
  sql: Sql,
  { hookId, id, limit }: { hookId: number; id: number | null; limit: number },
): Promise<number> {
  const { affected } = await run(
    sql,
    `UPDATE hook_events SET state = 'waiting', stream = CONCAT('again-', id), due_at = NOW(3), created_at = NOW(3)
     WHERE hook_id = ? AND state = 'dead' AND (? IS NULL OR id = ?) ORDER BY id LIMIT ?`,
    [hookId, id, id, limit],
  );
  return affected;
}
