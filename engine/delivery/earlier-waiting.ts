import type { Sql } from '../../db/connect.ts';
import { countWaiting } from '../../db/deliveries/deliveries.ts';
import { findPendingIn, findWaitingGroups } from '../../db/deliveries/pending-messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Request } from './fair-queue.ts';
import { isWhole } from './line-up.ts';
import { requestsOfWaiting } from './reservations.ts';

/**
 * What is to be asked for when these are new: where Redis may have lost who stands in line, a new message must not get the slots for
 * which earlier ones of its group wait. Those are put in line with it; where they are many it waits itself, until the sweeper has
 * put all in line, in their order.
 */
export async function behindEarlier(runtime: Runtime, sql: Sql, requests: readonly Request[]): Promise<Request[]> {
  const groupIds = [...new Set(requests.map(({ groupId }) => groupId))].filter((id) => id > 0);
  if (groupIds.length === 0 || (await isWhole(runtime))) return [...requests];
  const earlier: Request[] = [];
  const waits = new Map<number, number>();
  for (const { groupId, firstId, messages } of await findWaitingGroups(sql, groupIds)) {
    if (messages > MOST_MESSAGES) waits.set(groupId, firstId);
    else earlier.push(...requestsOfWaiting(await countWaiting(sql, await findPendingIn(sql, groupId))));
  }
  return [
    ...earlier,
    ...requests.filter(({ groupId, messageId }) => messageId < (waits.get(groupId) ?? messageId + 1)),
  ];
}
const MOST_MESSAGES = 8;
