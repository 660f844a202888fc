import { readProgress } from '../../../db/groups/group-progress.ts';
import { findRunningHooks } from '../../../db/hooks/hooks.ts';
import type { HookJob } from '../../platform/jobs.ts';
import type { Runtime } from '../../platform/runtime.ts';

/** Queues each hook for which something has happened, or is due. Returns how many hooks there are. */
export async function sweepHooks(runtime: Runtime): Promise<number> {
  const hooks = await findRunningHooks(runtime.db);
  const idle = hooks.filter(({ isDue }) => isDue === 0);
  const marks = await readProgress(runtime.db, [...new Set(idle.map(({ personId }) => personId))]);
  const hasNews = ({ isDue, personId, mark }: (typeof hooks)[number]) =>
    isDue === 1 || (marks.get(personId) ?? '') !== mark;
  const jobs = runtime.use(openWaits)(hooks.filter(hasNews), performance.now());
  if (jobs.length > 0) await runtime.queues.addHooks(jobs);
  return hooks.length;
}

type Waiting = Pick<HookJob, 'id' | 'lease'>;

/**
 * For `runtime.use`: a job that Bull knows may have lost its worker before that took a lease, and Bull sees so only when the
 * job's lock ends. So a hook at which nobody works is queued again after one second, two, four and so on; a job too many finds
 * nothing to do.
 */
export function openWaits(): (hooks: readonly Waiting[], nowMs: number) => HookJob[] {
  let waits = new Map<number, { lease: string; since: number }>();
  return (hooks, nowMs) => {
    waits = new Map(
      hooks.map(({ id, lease }) => {
        const known = waits.get(id);
        return [id, known?.lease === lease ? known : { lease, since: nowMs }];
      }),
    );
    return hooks.map(({ id, lease }) => ({ id, lease, again: doublings(nowMs - (waits.get(id)?.since ?? nowMs)) }));
  };
}

/** 0 within the first second, 1 in the next one, 2 in the two after that. */
function doublings(ms: number): number {
  return ms < 1_000 ? 0 : Math.floor(Math.log2(ms / 1_000)) + 1;
}
