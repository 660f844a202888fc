import { readClock } from '../../db/clock.ts';
import { purgeSenders } from '../../db/deliveries/senders.ts';
import { purgeDrafts } from '../../db/groups/drafts.ts';
import { purgeInvitations } from '../../db/groups/invitations.ts';
import { purgeAnswerTexts } from '../../db/messages/answer-texts.ts';
import { purgeFirstTexts } from '../../db/messages/first-texts.ts';
import { purgeHeldTexts } from '../../db/messages/held-texts.ts';
import { redactSystemMessages } from '../../db/messages/messages.ts';
import { purgeCalls } from '../../db/old-calls.ts';
import { purgeHints } from '../../db/people/people.ts';
import { purgePins, purgeSessions } from '../../db/people/sessions.ts';
import type { Runtime } from '../platform/runtime.ts';

/** Redacts the texts of old PINs and deletes ended sessions, old hints, drafts, invitations, held texts and senders. Returns how many texts it redacted. */
export async function purge({ db }: Runtime): Promise<number> {
  const now = (await readClock(db)).getTime();
  const redacted = await redactSystemMessages(db, new Date(now));
  await purgePins(db, new Date(now - DAY_MS));
  await purgeSessions(db, new Date(now - SESSION_DAYS * DAY_MS));
  await purgeHints(db, new Date(now - 2 * DAY_MS));
  await purgeDrafts(db, new Date(now - 2 * DAY_MS));
  await purgeHeldTexts(db, new Date(now - DAY_MS));
  await purgeInvitations(db, new Date(now - DAY_MS));
  await purgeFirstTexts(db, new Date(now - 31 * DAY_MS));
  await purgeAnswerTexts(db, new Date(now - DAY_MS));
  await purgeCalls(db);
  await purgeSenders(db);
  return redacted;
}

const DAY_MS = 86_400_000;
/** From the contract: a session lives 30 days since its last use; that is noted with an hour's slack. */
const SESSION_DAYS = 31;
