import { readClock } from '../../db/clock.ts';
import { findPending, HELD } from '../../db/deliveries/pending-messages.ts';
import {
  findCountedIn,
  findThere,
  findWaits,
  giveBackFirstTexts,
  waitAgain,
} from '../../db/messages/first-text-halves.ts';
import { letGo } from '../../db/messages/first-texts.ts';
import type { Runtime } from '../platform/runtime.ts';
import { startSystemMessages } from './system-messages.ts';

/**
 * Sets right what budgets and messages say of each other, where of a transaction over two servers one half was kept. What counts without
 * a message counts no more. A message that waits for a budget which does not know of it waits from now on, and one that was counted goes out.
 * On one server there is nothing to do. Returns how many messages that was.
 */
export async function matchFirstTexts(runtime: Runtime, graceMs = GRACE_MS): Promise<number> {
  const now = await readClock(runtime.db);
  const before = new Date(now.getTime() - graceMs);
  return (await giveBackCounted(runtime, before)) + (await wakeHeld(runtime, { before, now }));
}

/** Both halves of what is under way are there by then. */
const GRACE_MS = 60_000;
/** It is looked at every minute. */
const LOOKED_BACK_MS = 3_600_000;
const PAGE = 500;

async function giveBackCounted(runtime: Runtime, before: Date): Promise<number> {
  const since = new Date(before.getTime() - LOOKED_BACK_MS);
  let givenBack = 0;
  for (let afterId = 0, isLast = false; !isLast; ) {
    const counted = await findCountedIn(runtime.db, { since, before, afterId, limit: PAGE });
    const messageIds = counted.map(({ messageId }) => messageId);
    const there = await findThere(runtime.db, messageIds);
    const missing = messageIds.filter((id) => !there.has(id));
    await giveBackFirstTexts(runtime.db, missing);
    if (missing.length > 0) runtime.log.warn({ messages: missing }, 'first texts counted without a message');
    givenBack += missing.length;
    afterId = counted.at(-1)?.id ?? 0;
    isLast = counted.length < PAGE;
  }
  return givenBack;
}

async function wakeHeld(runtime: Runtime, { before, now }: { before: Date; now: Date }): Promise<number> {
  let woken = 0;
  for (let afterId = 0, isLast = false; !isLast; ) {
    const held = await findPending(runtime.db, { pending: HELD, before, afterId, limit: PAGE });
    const waits = await findWaits(runtime.db, held);
    const unknown = held.filter((id) => !waits.has(id));
    const counted = held.filter((id) => waits.get(id) === false);
    await waitAgain(runtime.db, unknown, now);
    await letGo(runtime.db, counted);
    await startSystemMessages(runtime, counted);
    const messages = [...unknown, ...counted];
    if (messages.length > 0) runtime.log.warn({ messages }, 'texts waited for a budget that did not wait for them');
    woken += messages.length;
    afterId = held.at(-1) ?? 0;
    isLast = held.length < PAGE;
  }
  return woken;
}
