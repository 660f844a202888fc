import type { TextSize } from '../rules/text-size.ts';
import { type TryOf, tryName } from '../rules/try-name.ts';

/**
 * What a sender handles as one; a job holds one or many. Tries of one message, through one number, that are due together or
 * soon after each other: the first batch at `atMs`, null where nothing limits when. `attempt` is the one about to be made.
 */
export type SendJob = {
  messageId: number;
  numberId: number;
  attempt: number;
  atMs: number | null;
  urgent: boolean;
  batches: SendBatch[];
  /** Of each text, where that is more than a segment. */
  size?: TextSize;
  /** How many times it gave its place to others that go first. */
  yields?: number;
  /** When it was queued once more: the job from before may be lost, or a dead process may have it. */
  againAt?: number;
};
/**
 * People whose tries, all of one part of the message, are claimed as one and go out in one moment, `afterMs` after the
 * first batch of the job.
 */
export type SendBatch = { id: number; part: number; afterMs: number; to: number[] };
/** Members who are to get a message by push. */
export type PushJob = { messageId: number; to: number[] };

/**
 * A webhook that has news, or something due, and the lease that somebody worked at it with last. `again`: how often it was
 * queued for that already, and nobody came.
 */
export type HookJob = { id: number; lease: string; again: number };

/** To be raised with any change of what a job holds. */
export const JOB_SHAPE = 3;
/** As a queue takes it: a job whose id is there already is not queued again. */
export type NewJob = {
  name: string;
  data: object;
  opts: { jobId: string; delay?: number; attempts?: number; lifo?: boolean };
};

/** Each kind of job, with the id that says which jobs are the same. */
export const jobs = {
  messages: (ids: readonly number[]): NewJob => ({
    name: 'messages',
    data: { messageIds: ids },
    opts: { jobId: ids.length > 1 ? `m${ids[0]}x${ids.length}` : `m${ids[0]}` },
  }),
  /** Everybody who asks for the same moment gets the same job. */
  dispatch(atMs: number, now: number): NewJob {
    const at = Math.ceil(atMs / DISPATCH_STEP_MS) * DISPATCH_STEP_MS;
    return { name: 'dispatch', data: {}, opts: { jobId: `dispatch${at}`, delay: Math.max(0, at - now), attempts: 1 } };
  },
  retry: (retry: TryOf, atMs: number, now: number): NewJob => ({
    name: 'retry',
    data: retry,
    opts: { jobId: `r${tryName(retry)}`, delay: Math.max(0, atMs - now) },
  }),
  /**
   * Sends that are due together; the first of them says when. What is given another slot is in another batch: it is queued
   * again although its old job is still there.
   */
  sends(sends: readonly [SendJob, ...SendJob[]], now: number): NewJob {
    const [{ messageId, atMs, urgent, batches, yields, againAt }] = sends;
    const delay = atMs === null ? 0 : Math.max(0, Math.round(atMs - AHEAD_MS - now));
    const opts = {
      jobId: [
        `d${messageId}-${batches[0]?.id}`,
        againAt === undefined ? '' : `a${againAt}`,
        yields === undefined ? '' : `y${yields}`,
        sends.length > 1 ? `x${sends.length}` : '',
      ].join(''),
      ...(delay > 0 && { delay }),
      ...(urgent && { lifo: true }),
    };
    return { name: 'send', data: { sends }, opts };
  },
  push: (push: PushJob): NewJob => ({ name: 'push', data: push, opts: { jobId: `p${push.messageId}-${push.to[0]}` } }),
  /**
   * One for a hook and its last lease: a job whose worker was killed is known to Bull for seconds more, and does not keep out
   * the next, as the lease that it took is another; where it was killed before that, `again` is. What fails is queued anew by
   * the clock.
   */
  hook: ({ id, lease, again }: HookJob): NewJob => ({
    name: 'hook',
    data: { hookId: id },
    opts: { jobId: `h${id}-${lease}${again === 0 ? '' : `-${again}`}`, attempts: 1 },
  }),
};

export const DISPATCH_STEP_MS = 200;
/** A sender gets what has a slot so long before it, so that many are claimed together; each still goes out in its slot. */
export const AHEAD_MS = 600;

/**
 * Sends of one queue, put together: those with slots in one quarter of a second, of whatever messages and numbers, some tens
 * a job, so that several senders share them. A job that waits for no slot holds one, which has recipients enough.
 */
export function togetherInJobs(sends: readonly SendJob[]): [SendJob, ...SendJob[]][] {
  const jobs: [SendJob, ...SendJob[]][] = [];
  const open = new Map<string, [SendJob, ...SendJob[]]>();
  for (const send of sends.toSorted((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0))) {
    const name = `${Math.floor((send.atMs ?? 0) / JOB_SPAN_MS)}${send.urgent ? 'u' : 'm'}`;
    const job = send.atMs === null ? undefined : open.get(name);
    if (job !== undefined && job.length < SENDS_A_JOB) {
      job.push(send);
      continue;
    }
    const started: [SendJob, ...SendJob[]] = [send];
    jobs.push(started);
    open.set(name, started);
  }
  return jobs;
}
const JOB_SPAN_MS = 250;
const SENDS_A_JOB = 50;
