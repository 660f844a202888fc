import type { Config } from '../platform/config.ts';

/**
 * The turns of groups and the moments of numbers are kept in TURN_SHARDS parts, each with its own numbers, whatever the carrier:
 * one Redis of a cluster need not know them all. What the parts have in common is leased to them: see `leaseSlots`.
 */
export function shardOf({ TURN_SHARDS }: Shards, numberId: number): number {
  return numberId % TURN_SHARDS;
}
type Shards = Pick<Config, 'TURN_SHARDS'>;

export function shardsOf({ TURN_SHARDS }: Shards): number[] {
  return [...Array(TURN_SHARDS).keys()];
}

/** In the order in which they come; only the shards that have some. */
export function byShard<T extends { numberId: number }>(
  config: Shards,
  all: readonly T[],
): { shard: number; some: T[] }[] {
  const parts = new Map<number, T[]>();
  for (const one of all) {
    const shard = shardOf(config, one.numberId);
    const some = parts.get(shard) ?? [];
    some.push(one);
    parts.set(shard, some);
  }
  return [...parts].map(([shard, some]) => ({ shard, some }));
}
