import { countEvents } from '../platform/events.ts';
import { keys } from '../platform/keys.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type Budget, budgetWindows, type Empty } from '../rules/budgets.ts';

/**
 * Counts what met an empty budget, for the metric, and says so by one `error` line of each budget an hour, whichever process
 * meets it. Nobody waits for it.
 */
export function noteExhausted(runtime: Runtime, verdicts: readonly (Empty | null)[]): void {
  const counts = new Map<Budget, number>();
  for (const verdict of verdicts)
    if (verdict !== null) counts.set(verdict.budget, (counts.get(verdict.budget) ?? 0) + 1);
  for (const [budget, count] of counts) {
    countEvents(runtime, { [`budget:${budget}`]: count });
    void alarm(runtime, budget);
  }
}

const ALARM_SECONDS = 3_600;

async function alarm(runtime: Runtime, budget: Budget): Promise<void> {
  if (!(await isFirst(runtime, budget))) return;
  const hours = budgetWindows[budget] / 3_600_000;
  runtime.log.error({ budget, hours }, 'a budget of first texts is used up: more of them wait or are refused');
}

/** While Redis does not answer, each process says it by itself. */
async function isFirst(runtime: Runtime, budget: Budget): Promise<boolean> {
  const said = runtime.use(openSaid);
  if (performance.now() - (said.get(budget) ?? Number.NEGATIVE_INFINITY) < ALARM_SECONDS * 1_000) return false;
  said.set(budget, performance.now());
  try {
    return (await runtime.redis.set(keys.budgetAlarm(budget), '1', 'EX', ALARM_SECONDS, 'NX')) === 'OK';
  } catch {
    return true;
  }
}

function openSaid(): Map<Budget, number> {
  return new Map();
}
