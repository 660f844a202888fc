import type { Budget, CardTry } from '../rules/budgets.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { ROSTER_SHAPE } from '../rules/types.ts';

/**
 * Every key that this engine has in Redis; REDIS_PREFIX stands before each. What stands in braces is a hash tag: in a cluster all keys with the same one
 * live on one node, which a script that uses several needs.
 */
export const keys = {
  /** String: the name of the database that this Redis serves. */
  system: '{gtx}:system',
  /** String: when a process last said in MySQL that it runs, in milliseconds. */
  alive: '{gtx}:alive',
  /** Hash: what happened -> how often, for the metrics. */
  events: '{gtx}:events',
  /** String: the run of Redis in which everything that waits is in line. */
  whole: '{gtx}:whole',
  /** String: a group's roster as JSON, of this shape. */
  roster: ({ groupId, version, tag }: { groupId: number; version: number; tag: number }) =>
    `{gtx}:roster:${ROSTER_SHAPE}:${groupId}:${version}:${tag}`,
  /**
   * What the fair queue and the rate limiter of a carrier keep begins with this, in each of TURN_SHARDS; the scripts say what
   * each is.
   */
  fairQueue: (carrier: CarrierName, shard = 0) =>
    `${shard === 0 ? '{gtx}' : `{gtx-turns-${shard}}`}:fair-queue:${carrier}`,
  /** Counters of calls and tries, one a limit and who is counted. */
  throttle: (limit: string) => `{gtx}:throttle:${limit}`,
  /** String, for an hour: it was said that this budget is used up. */
  budgetAlarm: (budget: Budget | CardTry) => `{gtx}:budget-alarm:${budget}`,
  /** Of each of Bull's queues, a tag of its own: each lives whole on one node, and the queues spread. */
  queue: (name: string) => `{gtx-${name}}`,
} as const;
