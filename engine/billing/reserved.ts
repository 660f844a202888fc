import { lockFunds, moveReserved } from '../../db/billing/accounts.ts';
import { findPayingNow } from '../../db/billing/paid-messages.ts';
import { transact } from '../../db/connect.ts';
import type { Runtime } from '../platform/runtime.ts';

/** What an account had reserved when it was looked at. */
export type Seen = { accountId: number; reserved: number };

/**
 * Frees what accounts have reserved while nothing that they pay for is under way, where that stays so for `unchangedMs`: of a
 * message or an outcome of which only one half was kept. Who accepts a message locks its account first, so with that locked
 * nothing is missed. On one server there is nothing to free; whatever is, is logged as an error. Returns how many accounts.
 */
export async function freeReserved(
  runtime: Runtime,
  seen: readonly Seen[],
  unchangedMs = UNCHANGED_MS,
): Promise<number> {
  const unchanged = runtime.use(openUnchanged).note(seen, unchangedMs);
  const paying = await findPayingNow(runtime.db, unchanged);
  let freed = 0;
  for (const accountId of unchanged) if (!paying.has(accountId) && (await freeOne(runtime, accountId))) freed++;
  return freed;
}

const UNCHANGED_MS = 60_000;

async function freeOne(runtime: Runtime, accountId: number): Promise<boolean> {
  const reserved = await transact(runtime.db, async (tx) => {
    const account = (await lockFunds(tx, [accountId])).get(accountId);
    if (account === undefined || account.reserved === 0 || (await findPayingNow(tx, [accountId])).size > 0) return 0;
    await moveReserved(tx, new Map([[accountId, -account.reserved]]));
    return account.reserved;
  });
  if (reserved !== 0)
    runtime.log.error({ account: accountId, reserved }, 'an account had something reserved with nothing under way');
  return reserved !== 0;
}

/** For `runtime.use`. Notes what accounts have reserved; returns those that have had the same for so long. */
function openUnchanged(): { note(seen: readonly Seen[], ms: number): number[] } {
  const known = new Map<number, { reserved: number; since: number }>();
  return {
    note(seen, ms) {
      const now = performance.now();
      return seen.flatMap(({ accountId, reserved }) => {
        const last = known.get(accountId);
        if (reserved === 0) known.delete(accountId);
        else if (last?.reserved !== reserved) known.set(accountId, { reserved, since: now });
        else if (now - last.since >= ms) return [accountId];
        return [];
      });
    },
  };
}
