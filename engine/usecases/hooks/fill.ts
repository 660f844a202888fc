import { createHash } from 'node:crypto';
import { transact } from '../../../db/connect.ts';
import { readProgress } from '../../../db/groups/group-progress.ts';
import { insertHookEvents, type NewHookEvent } from '../../../db/hooks/hook-events.ts';
import { holdLease, type Lease, type LeasedHook, moveHook } from '../../../db/hooks/hooks.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { readCursor, writeCursor } from '../events/cursor.ts';
import { followAgainMs } from '../events/follow.ts';
import { readEvents, type Step } from '../events/read-events.ts';

/**
 * Reads on for a hook and keeps what it is to be told, together with how far that is: so each event is kept once, whatever
 * ends a worker.
 */
export async function fillHook(runtime: Runtime, hook: LeasedHook, lease: Lease): Promise<void> {
  const { id, personId, groupId } = hook;
  const wanted = hook.events === null ? null : new Set(hook.events.split(','));
  const reader = { personId, key: { id: 0, access: 'read', onlyGroupId: groupId } } as const;
  let since = hook.followSince;
  for (let after = readCursor(hook.place) ?? ('now' as const), page = 0; page < MOST_PAGES; page++) {
    const mark = (await readProgress(runtime.db, [personId])).get(personId) ?? '';
    const { steps, cursor: read, more } = await readEvents(runtime, reader, { after, limit: PAGE });
    const cursor = wanted === null || wanted.has('message.delivery') ? read : { ...read, open: [] };
    const now = new Date();
    since = cursor.open.length === 0 ? null : steps.length > 0 ? now : (since ?? now);
    const followAt = since === null ? null : new Date(now.getTime() + followAgainMs(now.getTime() - since.getTime()));
    const events = steps
      .filter(({ event }) => wanted === null || wanted.has(event.type))
      .map((step) => hookEventOf(id, step));
    const isOurs = await transact(runtime.db, async (tx) => {
      if (!(await holdLease(tx, lease))) return false;
      await insertHookEvents(tx, id, { events, now });
      // While there is more, the mark of before brings another job.
      await moveHook(tx, { id, place: writeCursor(cursor), mark: more ? '' : mark, followAt, followSince: since });
      return true;
    });
    if (!isOurs || !more) return;
    after = cursor;
  }
}

const PAGE = 200;
const MOST_PAGES = 10;

/** Its name is made of the hook and of the place behind it, which no other event has. */
function hookEventOf(hookId: number, { event, cursor }: Step): NewHookEvent {
  const { at: _, ...place } = cursor;
  const hash = createHash('sha256').update(`${hookId} ${writeCursor({ ...place, at: 0 })} ${JSON.stringify(event)}`);
  const timestamp = new Date(event.time * 1000).toISOString();
  return {
    stream: event.group ?? '',
    name: `evt_${hash.digest('base64url').slice(0, 32)}`,
    type: event.type,
    body: JSON.stringify({ type: event.type, timestamp, data: event }),
  };
}
