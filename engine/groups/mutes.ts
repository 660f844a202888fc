import { readClock } from '../../db/clock.ts';
import { transact } from '../../db/connect.ts';
import { findMuteEnds, unmute } from '../../db/groups/mutes.ts';
import { startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import { lineOf } from '../rules/commands/catch-up.ts';
import { texts } from '../rules/texts.ts';

/** Ends the mutes that are over, and tells each member what they missed. Returns how many ended. */
export async function endMutes(runtime: Runtime, at?: Date): Promise<number> {
  const now = at ?? (await readClock(runtime.db));
  const membershipIds = await findMuteEnds(runtime.db, now);
  for (const membershipId of membershipIds) {
    const ids = await transact(runtime.db, async (tx) => {
      const ended = await unmute(tx, { membershipId, now });
      if (ended === undefined || ended.present !== 1) return [];
      const { group, groupId, missed, isMore, last, ...to } = ended;
      const text = () => texts.muteOver({ group, missed, isMore, last: last.map(lineOf) });
      return writeSystemMessages(runtime, tx, {
        cause: { by: 'system' },
        messages: [{ groupId, text, to: [{ ...to, membershipId }], urgent: false }],
        now,
      });
    });
    await startSystemMessages(runtime, ids);
  }
  return membershipIds.length;
}
