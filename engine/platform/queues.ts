import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bull';
import type { CarrierName } from '../rules/carriers.ts';
import type { TryOf } from '../rules/try-name.ts';
import { carriersSetUp, mainCarrier } from './carrier-settings.ts';
import { type Config, isPaced } from './config.ts';
import { type HookJob, JOB_SHAPE, jobs, type NewJob, type PushJob, type SendJob, togetherInJobs } from './jobs.ts';
import type { Logger } from './logger.ts';
import { openQueueConnections } from './queue-connections.ts';
import { shardNames } from './queue-names.ts';
import { type QueueLine, readLeftQueues, readQueueSheet } from './queue-sheet.ts';
import { openQueue, workOff } from './queue-work.ts';
import { warnRarely } from './rarely.ts';
import type { RedisClient } from './redis.ts';
import { whileUnavailable } from './while-unavailable.ts';

/**
 * The only file that knows Bull, with queue-work.ts, which opens each queue. What is queued here can always be rebuilt from MySQL,
 * so a job holds ids only, is safe to run twice, and leaves nothing behind when it is done or has failed.
 */
export type Queues = {
  /** Messages to write deliveries for. */
  addFanOut(messageIds: readonly number[]): Promise<void>;
  /** Somebody has to come back for the lines that wait for their turn. */
  addDispatch(atMs: number): Promise<void>;
  /** A delivery that is to be tried again. */
  addRetry(retry: TryOf, atMs: number): Promise<void>;
  addSends(sends: readonly SendJob[]): Promise<void>;
  addPushes(pushes: readonly PushJob[]): Promise<void>;
  /** Hooks for which there is something to do. */
  addHooks(hooks: readonly HookJob[]): Promise<void>;
  /** How many more jobs the fullest sending queue may take. */
  room(): Promise<number>;
  /** How many jobs each queue holds, by state; over another connection where one is given. Fails while Redis is unavailable. */
  depths(redis?: RedisClient): Promise<{ queue: string; state: string; jobs: number }[]>;
  /** Every queue with its jobs and their age. Fails while Redis is unavailable. */
  sheet(): Promise<QueueLine[]>;
  all: readonly Queue[];
  workFanOut(handlers: FanOutHandlers): void;
  /** Hands on each send by itself, up to AHEAD_MS and a quarter of a second before its slot. */
  workSends(handler: (send: SendJob) => Promise<void>): void;
  workPushes(handler: (push: PushJob) => Promise<void>): void;
  workHooks(handler: (hookId: number) => Promise<void>): void;
  /** Stops taking new jobs and waits for those that run; those that wait for MySQL go back to their queues. */
  drain(): Promise<void>;
  close(): Promise<void>;
};

export type QueueOptions = {
  config: Config;
  log: Logger;
  works: boolean;
  carrierOf?: (numberId: number) => Promise<CarrierName>;
};
export type FanOutHandlers = {
  messages(messageIds: number[]): Promise<void>;
  dispatch(): Promise<void>;
  retry(retry: TryOf): Promise<void>;
};

export function openQueues({ config, log, works, carrierOf = async () => mainCarrier(config) }: QueueOptions): Queues {
  const connections = openQueueConnections(config, { works, log });
  const open = (name: string) => openQueue(name, { config, log, works, connections });
  const openShards = (carrier: CarrierName): Queue[] => shardNames(config, carrier).map(open);
  const fanout: Queue = open('fanout');
  // Each carrier has its own: while one is paused or slow, its jobs keep nobody else's waiting.
  const sending = new Map(carriersSetUp(config).map((carrier) => [carrier, openShards(carrier)]));
  const shards = [...sending.values()].flat();
  const push: Queue = open('push');
  const hooks: Queue = open('hooks');
  const all = [fanout, push, hooks, ...shards];
  const stopping = new AbortController();
  // Each job that waits for MySQL listens.
  setMaxListeners(0, stopping.signal);
  const work = <T>(queue: Queue, name: string, atOnce: number, handler: (job: T) => Promise<void>): void =>
    workOff<T>(queue, { name, atOnce }, (job) => whileUnavailable(() => handler(job), { stopping: stopping.signal }));

  async function add(queue: Queue, added: readonly NewJob[]): Promise<void> {
    const shaped = added.map(({ data, ...job }) => ({ ...job, data: { shape: JOB_SHAPE, ...data } }));
    const known = await queue.addBulk(shaped);
    // After a SCRIPT FLUSH addBulk resolves although nothing was queued; only the missing ids show it.
    const lost = shaped.filter(({ opts }, at) => known[at]?.id !== opts.jobId);
    for (const { name, data, opts } of lost) await queue.add(name, data, opts);
  }

  /** What is in queues of a larger QUEUE_SHARDS, and what processes that have it still put there while they are replaced. */
  async function workLeft(begin: (queue: Queue) => void): Promise<void> {
    for (let looks = 0; looks < LOOKS_FOR_LEFT; looks++) {
      const names = await readLeftQueues(fanout.client, config).catch((err) => {
        warnRarely(
          log,
          { err },
          'queues of a larger QUEUE_SHARDS could not be looked for; the sweeper sends what they hold',
        );
        return [];
      });
      if (stopping.signal.aborted) return;
      for (const name of names.filter((one) => !all.some((queue) => queue.name === one))) {
        const queue = open(name);
        all.push(queue);
        begin(queue);
        log.info({ queue: name }, 'QUEUE_SHARDS was larger: what is left in this queue is sent too');
      }
      await sleep(LOOK_FOR_LEFT_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  async function queueFor(numberId: number): Promise<Queue> {
    // A carrier whose settings are gone has none: the sender says so of each text.
    const own = sending.get(await carrierOf(numberId)) ?? shards.slice(0, config.QUEUE_SHARDS);
    return own[numberId % own.length] ?? fanout;
  }

  return {
    addFanOut: (messageIds) =>
      add(
        fanout,
        inParts(messageIds, MESSAGES_A_JOB).map((ids) => jobs.messages(ids)),
      ),
    addDispatch: (atMs) => add(fanout, [jobs.dispatch(atMs, Date.now())]),
    addRetry: (retry, atMs) => add(fanout, [jobs.retry(retry, atMs, Date.now())]),
    async addSends(sends) {
      const now = Date.now();
      // One look for all: those who ask first are queued first, however many jobs they have.
      const numberIds = [...new Set(sends.map(({ numberId }) => numberId))];
      const queueOf = new Map(await Promise.all(numberIds.map(async (id) => [id, await queueFor(id)] as const)));
      for (const queue of new Set(queueOf.values())) {
        const mine = sends.filter(({ numberId }) => queueOf.get(numberId) === queue);
        for (const some of inParts(togetherInJobs(mine), JOBS_A_BULK)) {
          await add(
            queue,
            some.map((together) => jobs.sends(together, now)),
          );
        }
      }
    },
    addPushes: (pushes) =>
      add(
        push,
        pushes.map((some) => jobs.push(some)),
      ),
    addHooks: (some) =>
      add(
        hooks,
        some.map((hook) => jobs.hook(hook)),
      ),
    async room() {
      const depths = await Promise.all(
        shards.map(
          async (queue) =>
            (await queue.client.llen(queue.toKey('wait'))) + (await queue.client.zcard(queue.toKey('delayed'))),
        ),
      );
      return config.QUEUE_DEPTH - Math.max(...depths);
    },
    async depths(redis) {
      const counts = all.map(async (queue) => [
        { queue: queue.name, state: 'waiting', jobs: await (redis ?? queue.client).llen(queue.toKey('wait')) },
        { queue: queue.name, state: 'active', jobs: await (redis ?? queue.client).llen(queue.toKey('active')) },
        { queue: queue.name, state: 'delayed', jobs: await (redis ?? queue.client).zcard(queue.toKey('delayed')) },
      ]);
      return (await Promise.all(counts)).flat();
    },
    sheet: () => readQueueSheet(fanout.client, config),
    all,
    workFanOut(handlers) {
      work<{ messageIds: number[] }>(fanout, 'messages', FAN_OUTS_AT_ONCE, (job) => handlers.messages(job.messageIds));
      work(fanout, 'dispatch', 1, () => handlers.dispatch());
      work(fanout, 'retry', FAN_OUTS_AT_ONCE, handlers.retry);
    },
    workSends(handler) {
      const atOnce = isPaced(config) ? PACED_SENDS_AT_ONCE : SENDS_AT_ONCE;
      const until = { stopping: stopping.signal };
      const begin = (queue: Queue) =>
        workOff<{ sends: SendJob[] }>(queue, { name: 'send', atOnce }, async ({ sends }) => {
          // All of them: what is done again must not meet what still runs.
          const ends = await Promise.allSettled(sends.map((send) => whileUnavailable(() => handler(send), until)));
          const failed = ends.find((one) => one.status === 'rejected');
          if (failed) throw failed.reason;
        });
      for (const queue of shards) begin(queue);
      void workLeft(begin);
    },
    workPushes(handler) {
      work(push, 'push', PUSHES_AT_ONCE, handler);
    },
    workHooks(handler) {
      work<{ hookId: number }>(hooks, 'hook', HOOKS_AT_ONCE, ({ hookId }) => handler(hookId));
    },
    async drain() {
      stopping.abort();
      // What runs has ended also where Bull could not open a connection anew that was being opened already.
      await Promise.allSettled(all.map((queue) => queue.pause(true)));
    },
    async close() {
      stopping.abort();
      await Promise.allSettled(all.map((queue) => queue.close()));
      connections.close();
    },
  };
}

/** As long as it may take to replace all processes. */
const LOOKS_FOR_LEFT = 60;
const LOOK_FOR_LEFT_MS = 2_000;
const JOBS_A_BULK = 500;
/** As many as the fan-out writes in one transaction. */
const MESSAGES_A_JOB = 16;
const FAN_OUTS_AT_ONCE = 16;
/** Jobs in flight in one sender; each holds up to 25 recipients, and the carrier's pool bounds what is on the wire. */
const SENDS_AT_ONCE = 64;
/** Jobs with slots wait for the last of them: more may be in flight, and the limits bound what they send. */
const PACED_SENDS_AT_ONCE = 128;
/** The same of pushes, which a service takes over one connection. */
const PUSHES_AT_ONCE = 8;
/** A slow receiver has one of them for seconds; one that goes on failing rests. */
const HOOKS_AT_ONCE = 32;

function inParts<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
