import BullQueue, { type Job, type Queue } from 'bull';
import type { Config } from './config.ts';
import { JOB_SHAPE } from './jobs.ts';
import type { Logger } from './logger.ts';
import { codeOf, type QueueConnections } from './queue-connections.ts';
import { prefixOf } from './queue-names.ts';
import { warnRarely } from './rarely.ts';
import { BLOCK_SECONDS } from './redis.ts';

/** A queue whose jobs leave nothing behind, and which says what goes wrong with it. */
export function openQueue(
  name: string,
  { config, connections, log, works }: { config: Config; connections: QueueConnections; log: Logger; works: boolean },
): Queue {
  const queue: Queue = new BullQueue(name, {
    prefix: prefixOf(config, name),
    createClient: connections.create,
    settings: {
      maxStalledCount: 5,
      // Together the time after which another process has the jobs of one that stands still.
      lockDuration: 8_000,
      stalledInterval: 2_000,
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
  // Bull opens its connection anew to cut a wait short. Where Redis does not answer, that fails while jobs run, in a promise
  // that nobody hears, and the process ends in mid-work.
  queue.whenCurrentJobsFinished = async () => {
    connections.stopWaiting();
    await Promise.allSettled(inFlightOf(queue));
  };
  queue.on('error', (err) => {
    const of = { queue: queue.name, code: codeOf(err) };
    // While Redis is unavailable that is said once, for all queues.
    if (queue.client.status === 'ready') warnRarely(log, of, 'queue had an error');
    else log.debug(of, 'queue had an error');
  });
  if (!works) return queue;
  queue.on('failed', (job, err) =>
    warnRarely(log, { queue: queue.name, job: job.id, err }, 'job failed, the sweeper will find its rows'),
  );
  queue.on('stalled', (job) => warnRarely(log, { queue: queue.name, job: job.id }, 'job stalled'));
  return queue;
}

/** One for each place that takes jobs: it ends with the job, once no more are taken. Bull keeps them where no type tells. */
function inFlightOf(queue: Queue): readonly unknown[] {
  return 'processing' in queue ? Object.values(queue.processing ?? {}) : [];
}

/**
 * Works jobs of a name off a queue. One of another shape, which a newer or older release put there, goes back to the
 * queue with a backoff, so that a process of that release may take it; where none does, the sweeper makes it again.
 */
export function workOff<T>(
  queue: Queue,
  { name, atOnce }: { name: string; atOnce: number },
  handler: (job: T) => Promise<void>,
): void {
  queue.process(name, atOnce, async ({ data }: Job) => {
    const { shape, ...job } = data;
    if (shape !== JOB_SHAPE) throw new Error(`a job of shape ${shape}, not ${JOB_SHAPE}`);
    await handler(job).catch(rethrow);
  });
}

/** Bull stores what a job threw and chokes on what is no Error. */
function rethrow(error: unknown): never {
  throw error instanceof Error ? error : new Error(String(error));
}
