import { forgetDrafts } from '../../db/groups/drafts.ts';
import { wipeNotices } from '../../db/messages/messages.ts';
import { forgetHints } from '../../db/people/people.ts';
import { forgetPins, forgetSessions } from '../../db/people/sessions.ts';
import type { Runtime } from '../platform/runtime.ts';

/** Drops what is kept no longer than it is good for: the texts of old PINs, ended sessions, yesterday's hints. */
export async function forget({ db }: Runtime): Promise<number> {
  const now = Date.now();
  const wiped = await wipeNotices(db, new Date(now));
  await forgetPins(db, new Date(now - DAY_MS));
  await forgetSessions(db, new Date(now - SESSION_DAYS * DAY_MS));
  await forgetHints(db, new Date(now - 2 * DAY_MS));
  await forgetDrafts(db, new Date(now - 2 * DAY_MS));
  return wiped;
}

const DAY_MS = 86_400_000;
/** From the contract: a session lives 30 days since its last use; that is noted with an hour's slack. */
const SESSION_DAYS = 31;
