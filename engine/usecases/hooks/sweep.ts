import { readProgress } from '../../../db/groups/group-progress.ts';
import { findRunningHooks } from '../../../db/hooks/hooks.ts';
import type { Runtime } from '../../platform/runtime.ts';

/** Queues each hook for which something has happened, or is due. Returns how many hooks there are. */
export async function sweepHooks(runtime: Runtime): Promise<number> {
  const hooks = await findRunningHooks(runtime.db);
  const idle = hooks.filter(({ isDue }) => isDue === 0);
  const marks = await readProgress(runtime.db, [...new Set(idle.map(({ personId }) => personId))]);
  const hasNews = ({ isDue, personId, mark }: (typeof hooks)[number]) =>
    isDue === 1 || (marks.get(personId) ?? '') !== mark;
  const moved = hooks.filter(hasNews);
  if (moved.length > 0) await runtime.queues.addHooks(moved.map(({ id, lease }) => ({ id, lease })));
  return hooks.length;
}
