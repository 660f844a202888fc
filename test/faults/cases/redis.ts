import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

export const redisFaults: readonly Fault[] = [
  {
    name: 'redis-flush',
    does: 'FLUSHALL',
    times: 10,
    async strike({ redisClient }) {
      await redisClient.flushall();
    },
  },
  {
    name: 'redis-scripts',
    does: 'SCRIPT FLUSH, again and again',
    times: 5,
    async strike({ redisClient }, random) {
      const until = Date.now() + random.between(500, 2_000);
      while (Date.now() < until) {
        await redisClient.script('FLUSH');
        await sleep(20);
      }
    },
  },
  ...(
    [
      ['redis-kill', 'SIGKILL', 'kill -9, back a moment later with what its append-only file had', 10],
      ['redis-restart', 'SIGTERM', 'stopped and back a moment later, as for an update', 5],
    ] as const
  ).map(
    ([name, signal, does, times]): Fault => ({
      ...{ name, does, times },
      async strike({ redis }, random) {
        await redis.kill(signal);
        await sleep(random.between(0, 2_000));
        await redis.start();
      },
    }),
  ),
  {
    name: 'redis-empty',
    does: 'kill -9, back without any data',
    times: 5,
    async strike({ redis, folder }, random) {
      await redis.kill('SIGKILL');
      rmSync(path.join(folder, 'servers', 'redis', 'appendonlydir'), { recursive: true, force: true });
      await sleep(random.between(0, 2_000));
      await redis.start();
    },
  },
  {
    name: 'redis-evicts',
    does: 'set to throw keys away: workers that start meanwhile refuse to',
    times: 3,
    async strike({ redisClient, processes }, random) {
      await redisClient.config('SET', 'maxmemory-policy', 'allkeys-lru');
      const name = random.pick(processes.names('sender'));
      const before = processes.died.length;
      await processes.replace(name, 'SIGTERM');
      const how = await processes.ended(name);
      await redisClient.config('SET', 'maxmemory-policy', 'noeviction');
      // That it ended was right, and it comes back by itself.
      processes.died.splice(before);
      if (how !== 'code 1') throw new Error(`${name} ended with ${how}`);
    },
  },
  {
    name: 'redis-down',
    does: 'not there for 30 s',
    times: 1,
    unavailable: 'redis',
    async strike({ redis }, _, mend) {
      await redis.kill('SIGKILL');
      await sleep(30_000);
      mend();
      await redis.start();
    },
  },
  {
    name: 'redis-freeze',
    does: 'stands still for 5 to 30 s',
    times: 3,
    unavailable: 'redis',
    async strike({ redis }, random, mend) {
      await redis.kill('SIGSTOP');
      await sleep(random.between(5_000, 30_000));
      mend();
      await redis.kill('SIGCONT');
    },
  },
  {
    name: 'redis-full',
    does: 'no memory left for 2 to 8 s',
    times: 5,
    unavailable: 'full',
    async strike({ redisClient }, random, mend) {
      await redisClient.config('SET', 'maxmemory', '1mb');
      await sleep(random.between(2_000, 8_000));
      mend();
      await redisClient.config('SET', 'maxmemory', '0');
    },
  },
];
