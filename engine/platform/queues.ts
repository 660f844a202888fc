import BullQueue, { type Job, type JobOptions, type Queue } from 'bull';
import type { CarrierName } from '../rules/carriers.ts';
import { carriersSetUp, mainCarrier } from './carrier-settings.ts';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import { codeOf, openQueueConnections } from './queue-connections.ts';
import { BLOCK_SECONDS } from './redis.ts';

/**
 * The only file that knows Bull. What is queued here can always be rebuilt from MySQL, so a job holds ids only, is
 * safe to run twice, and leaves nothing behind when it is done or has failed.
 */
export type Queues = {
  /** Messages to write deliveries for. */
  addFanOut(messageIds: readonly number[]): Promise<void>;
  /** Somebody has to come back for the lines that wait for their turn. */
  addPump(atMs: number): Promise<void>;
  /** A delivery that is to be tried again. */
  addRetry(retry: TryOf, atMs: number): Promise<void>;
  addSends(sends: readonly SendJob[]): Promise<void>;
  addPushes(pushes: readonly PushJob[]): Promise<void>;
  /** How many more jobs the fullest sending queue may take. */
  room(): Promise<number>;
  /** How many jobs each queue holds, by state. Fails while Redis is away. */
  depths(): Promise<{ queue: string; state: string; jobs: number }[]>;
  /** For the operators’ dashboard. */
  all: readonly Queue[];
  workFanOut(handlers: FanOutHandlers): void;
  workSends(handler: (send: SendJob) => Promise<void>): void;
  workPushes(handler: (push: PushJob) => Promise<void>): void;
  /** Stops taking new jobs and waits for those that run. */
  drain(): Promise<void>;
  close(): Promise<void>;
};

export type TryOf = { messageId: number; personId: number; part: number; attempt: number };
/**
 * Deliveries of one message through one number that are due together or soon after each other: the first at `atMs`, each
 * `afterMs` later. `attempt` is the one about to be made.
 */
export type SendJob = {
  messageId: number;
  numberId: number;
  atMs: number | null;
  urgent: boolean;
  /** Set where they are claimed as one: all of them go out in one moment, at their first try. */
  batch?: number;
  to: { personId: number; part: number; attempt: number; afterMs?: number }[];
};
/** Members who are to get a message by push. */
export type PushJob = { messageId: number; to: number[] };
export type QueueOptions = {
  config: Config;
  log: Logger;
  works: boolean;
  carrierOf?: (numberId: number) => Promise<CarrierName>;
};
export type FanOutHandlers = {
  messages(messageIds: number[]): Promise<void>;
  pump(): Promise<void>;
  retry(retry: TryOf): Promise<void>;
};

export function openQueues({ config, log, works, carrierOf = async () => mainCarrier(config) }: QueueOptions): Queues {
  const connections = openQueueConnections(config.REDIS_URL, { works, log });
  const open = (name: string) =>
    new BullQueue(name, {
      // A hash tag a queue: in a cluster, each queue lives whole on one node, and the queues spread.
      prefix: `{gtx-${name}}`,
      createClient: connections.create,
      settings: {
        maxStalledCount: 5,
        lockDuration: 15_000,
        stalledInterval: 3_000,
        retryProcessDelay: 1_000,
        drainDelay: BLOCK_SECONDS,
      },
      defaultJobOptions: {
        removeOnComplete: true,
        removeOnFail: true,
        attempts: 4,
        backoff: { type: 'exponential', delay: 500 },
      },
    });
  const openShards = (carrier: CarrierName): Queue[] =>
    Array.from({ length: config.QUEUE_SHARDS }, (_, at) =>
      open(carrier === 'plivo' ? `sms-${at}` : `sms-${carrier}-${at}`),
    );
  const fanout: Queue = open('fanout');
  // Each carrier has its own: while one is paused or slow, its jobs keep nobody else's waiting.
  const sending = new Map(carriersSetUp(config).map((carrier) => [carrier, openShards(carrier)]));
  const shards = [...sending.values()].flat();
  const push: Queue = open('push');
  const all = [fanout, push, ...shards];
  for (const queue of all) {
    queue.on('error', (err) => log.warn({ queue: queue.name, code: codeOf(err) }, 'queue had an error'));
    if (!works) continue;
    queue.on('failed', (job, err) =>
      log.warn({ queue: queue.name, job: job.id, err }, 'job failed, the sweeper will find its rows'),
    );
    queue.on('stalled', (job) => log.warn({ queue: queue.name, job: job.id }, 'job stalled'));
  }

  async function add(
    queue: Queue,
    jobs: { name: string; data: unknown; opts: JobOptions & { jobId: string } }[],
  ): Promise<void> {
    const added = await queue.addBulk(jobs);
    // After a SCRIPT FLUSH addBulk resolves although nothing was queued; only the missing ids show it.
    const lost = jobs.filter(({ opts }, at) => added[at]?.id !== opts.jobId);
    for (const { name, data, opts } of lost) await queue.add(name, data, opts);
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
        inParts(messageIds, MESSAGES_A_JOB).map((ids) => ({
          name: 'messages',
          data: { messageIds: ids },
          opts: { jobId: ids.length > 1 ? `m${ids[0]}x${ids.length}` : `m${ids[0]}` },
        })),
      ),
    async addPump(atMs) {
      // Everybody who asks for the same moment gets the same job.
      const at = Math.ceil(atMs / PUMP_STEP_MS) * PUMP_STEP_MS;
      await add(fanout, [
        { name: 'pump', data: {}, opts: { jobId: `pump${at}`, delay: Math.max(0, at - Date.now()), attempts: 1 } },
      ]);
    },
    addRetry: (retry, atMs) =>
      add(fanout, [
        { name: 'retry', data: retry, opts: { jobId: `r${nameOf(retry)}`, delay: Math.max(0, atMs - Date.now()) } },
      ]),
    async addSends(sends) {
      const now = Date.now();
      // One look for all: those who ask first are queued first, however many jobs they have.
      const numberIds = [...new Set(sends.map(({ numberId }) => numberId))];
      const queueOf = new Map(await Promise.all(numberIds.map(async (id) => [id, await queueFor(id)] as const)));
      for (const queue of new Set(queueOf.values())) {
        const mine = sends.filter(({ numberId }) => queueOf.get(numberId) === queue);
        for (const some of inParts(mine, JOBS_A_BULK)) {
          await add(
            queue,
            some.map((send) => toJob(send, now)),
          );
        }
      }
    },
    addPushes: (pushes) =>
      add(
        push,
        pushes.map((data) => ({ name: 'push', data, opts: { jobId: `p${data.messageId}-${data.to[0]}` } })),
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
    async depths() {
      const counts = all.map(async (queue) => [
        { queue: queue.name, state: 'waiting', jobs: await queue.client.llen(queue.toKey('wait')) },
        { queue: queue.name, state: 'active', jobs: await queue.client.llen(queue.toKey('active')) },
        { queue: queue.name, state: 'delayed', jobs: await queue.client.zcard(queue.toKey('delayed')) },
      ]);
      return (await Promise.all(counts)).flat();
    },
    all,
    workFanOut(handlers) {
      const run = (work: Promise<void>) => work.catch(rethrow);
      fanout.process('messages', FAN_OUTS_AT_ONCE, (job: Job) => run(handlers.messages(job.data.messageIds)));
      fanout.process('pump', 1, () => run(handlers.pump()));
      fanout.process('retry', FAN_OUTS_AT_ONCE, (job: Job) => run(handlers.retry(job.data)));
    },
    workSends(handler) {
      const atOnce = config.NUMBER_MPS > 0 || config.ACCOUNT_MPS > 0 ? PACED_SENDS_AT_ONCE : SENDS_AT_ONCE;
      for (const queue of shards) queue.process('send', atOnce, (job: Job) => handler(job.data).catch(rethrow));
    },
    workPushes(handler) {
      push.process('push', PUSHES_AT_ONCE, (job: Job) => handler(job.data).catch(rethrow));
    },
    async drain() {
      await Promise.all(all.map((queue) => queue.pause(true)));
    },
    async close() {
      await Promise.allSettled(all.map((queue) => queue.close()));
      connections.close();
    },
  };
}

const PUMP_STEP_MS = 100;
const JOBS_A_BULK = 500;
/** As many as the fan-out writes in one transaction. */
const MESSAGES_A_JOB = 16;
const FAN_OUTS_AT_ONCE = 16;
/** Jobs in flight in one sender; each holds up to 25 recipients, and the carrier's pool bounds what is on the wire. */
const SENDS_AT_ONCE = 64;
/** Jobs with slots wait for them: more may be in flight, and the limits bound what they send. */
const PACED_SENDS_AT_ONCE = 128;
/** The same of pushes, which a service takes over one connection. */
const PUSHES_AT_ONCE = 8;

function toJob(send: SendJob, now: number): { name: string; data: SendJob; opts: JobOptions & { jobId: string } } {
  const [first] = send.to;
  const of = nameOf({ messageId: send.messageId, ...(first ?? { personId: 0, part: 0, attempt: 0 }) });
  // The slot and the batch are part of the name: who is given another is queued again while the old job still runs.
  const slot = send.atMs === null ? '' : `s${Math.round(send.atMs)}`;
  const name = `d${of}${slot}${send.batch === undefined ? '' : `b${send.batch}`}`;
  const delay = send.atMs === null ? 0 : Math.max(0, Math.round(send.atMs - now));
  return {
    name: 'send',
    data: send,
    opts: {
      jobId: send.to.length > 1 ? `${name}x${send.to.length}` : name,
      ...(delay > 0 ? { delay } : {}),
      ...(send.urgent ? { lifo: true } : {}),
    },
  };
}

function inParts<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** The name of one try: in job ids and in the report address. No colons and no plain number, which Bull reads otherwise. */
export function nameOf({ messageId, personId, part, attempt }: TryOf): string {
  return `${messageId}-${personId}-${part}-${attempt}`;
}

/** The try that a name stands for, or null. */
export function readName(name: string): TryOf | null {
  const found = /^(\d{1,15})-(\d{1,15})-(\d{1,3})-(\d{1,5})$/.exec(name);
  if (found === null) return null;
  const [messageId = 0, personId = 0, part = 0, attempt = 0] = found.slice(1).map(Number);
  return { messageId, personId, part, attempt };
}

/** Bull stores what a job threw and chokes on what is no Error. */
function rethrow(error: unknown): never {
  throw error instanceof Error ? error : new Error(String(error));
}
