import { readClock } from '../../db/clock.ts';
import { deleteMedia, findEndedMedia } from '../../db/messages/media.ts';
import { openMediaStore } from '../platform/open-media-store.ts';
import type { Runtime } from '../platform/runtime.ts';

/**
 * Deletes the media that were not sent within a day, that are as old as texts may get, or whose owner was forgotten: first
 * the contents, then the row that says that they are there. Any number of clocks may run. Returns how many went.
 */
export async function deleteOldMedia(runtime: Runtime): Promise<number> {
  const { store } = runtime.use(openMediaStore);
  if (store === null) return 0;
  const { KEEP_TEXTS_DAYS: days } = runtime.config;
  const now = await readClock(runtime.db);
  const oldest = days === 0 ? null : new Date(now.getTime() - days * DAY_MS);
  const ended = await findEndedMedia(runtime.db, { now, oldest, limit: AT_ONCE });
  for (const { name } of ended) await store.remove(name);
  await deleteMedia(
    runtime.db,
    ended.map(({ id }) => id),
  );
  return ended.length;
}

const AT_ONCE = 200;
const DAY_MS = 86_400_000;
