/**
 * Where moments on Redis' clock are on a clock of this process, however late an answer comes, so that moments of different
 * answers keep their distances. Learns from each answer: Redis gave it between the asking and its coming. Places no moment
 * too early; where a clock was set, by less than the quickest answer takes.
 */
export type RedisClock = {
  /** `redisMs`: what Redis' clock showed when it answered; asked and answered on the clock of this process. */
  learn(answer: { redisMs: number; askedAt: number; answeredAt: number }): void;
  /** Only after something was learned. */
  toProcess(redisMs: number): number;
};

export function openRedisClock(): RedisClock {
  // How far this process is ahead, at most.
  let ahead = Number.POSITIVE_INFINITY;
  return {
    learn({ redisMs, askedAt, answeredAt }) {
      // So far ahead at least: what was learned before is of a clock that was set since, or of another server.
      const isOutdated = askedAt - redisMs - PRECISION_MS > ahead;
      ahead = isOutdated ? answeredAt - redisMs : Math.min(ahead, answeredAt - redisMs);
    },
    toProcess: (redisMs) => redisMs + ahead,
  };
}

/** Of each shard of the turns, which may be on a Redis of its own. */
export type RedisClocks = (shard: number) => RedisClock;

export function openRedisClocks(): RedisClocks {
  const clocks = new Map<number, RedisClock>();
  return (shard) => {
    const clock = clocks.get(shard) ?? openRedisClock();
    clocks.set(shard, clock);
    return clock;
  };
}

/** Each of the two clocks may be read to a millisecond. */
const PRECISION_MS = 2;
