import type { Job, Queue } from 'bull';
import { JOB_SHAPE } from './jobs.ts';

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
