import { readClock } from '../../db/clock.ts';
import { transact } from '../../db/connect.ts';
import { findDigests, readDigest, readOutcomes, takeDigest } from '../../db/deliveries/digests.ts';
import { startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import { sumUp } from '../rules/digest.ts';
import { texts } from '../rules/texts.ts';

/** From the contract: the latest time after a broadcast at which its digest is sent. */
export const DIGEST_MS = 10 * 60_000;

/** Sends the digests of broadcasts, once each: when all outcomes are in, or when they are due. */
export async function sendDigests(runtime: Runtime, at?: Date): Promise<number> {
  const now = at ?? (await readClock(runtime.db));
  const messageIds = await findDigests(runtime.db, now);
  for (const messageId of messageIds) {
    const ids = await transact(runtime.db, async (tx) => {
      if (!(await takeDigest(tx, messageId))) return [];
      const told = await readDigest(tx, messageId);
      if (told === undefined) return [];
      const { groupId, group, id, ...to } = told;
      const sums = sumUp(await readOutcomes(tx, messageId));
      const text = () => texts.digest({ group, id, ...sums });
      return writeSystemMessages(runtime, tx, {
        cause: { by: 'system' },
        messages: [{ groupId, text, to: [to], urgent: false }],
        now,
      });
    });
    await startSystemMessages(runtime, ids);
  }
  return messageIds.length;
}
