import { type Db, row } from '../../db/connect.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { singleFlight } from '../../engine/platform/single-flight.ts';
import { sendBundles } from '../../engine/usecases/bundles.ts';
import { sendDue } from '../../engine/usecases/schedules.ts';

/** The id of the newest message; 0 where there is none. */
export async function newestMessage(db: Db): Promise<number> {
  const newest = await row<{ id: number }>(db, 'SELECT COALESCE(MAX(id), 0) AS id FROM messages');
  return newest?.id ?? 0;
}

type Whose = {
  phones: readonly string[];
  groupIds: readonly number[];
  /** Older messages than what follows this one are not looked at: there may be thousands of other dialogues. */
  after: number;
};

/** Of all dialogues, so one at a time does it. */
const sendAllDue = singleFlight((runtime: Runtime) => Promise.all([sendDue(runtime), sendBundles(runtime)]));

/** Waits until what is due and everything for these people has arrived; others go on meanwhile. */
export async function quietOf(runtime: Runtime, { phones, groupIds, after }: Whose): Promise<void> {
  const groups = [0, ...groupIds];
  for (;;) {
    const found = await row<{ open: number; due: number }>(
      runtime.db,
      `SELECT (SELECT COUNT(*) FROM schedules WHERE group_id IN (?) AND ended_at IS NULL AND send_at <= NOW(3))
         + (SELECT COUNT(*) FROM bundles WHERE group_id IN (?) AND due_at <= NOW(3)) AS due,
          (SELECT COUNT(*) FROM deliveries d JOIN people p ON p.id = d.person_id
           WHERE d.message_id > ? AND p.phone IN (?) AND d.state IN ('queued', 'sending', 'unknown', 'sent'))
         + (SELECT COUNT(*) FROM messages WHERE pending = 1 AND group_id IN (?))
         + (SELECT COUNT(*) FROM digests s JOIN messages m ON m.id = s.message_id WHERE m.group_id IN (?)) AS open`,
      [groups, groups, after, phones, groups, groups],
    );
    if (found?.due !== 0) await sendAllDue(runtime);
    else if (found.open === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
