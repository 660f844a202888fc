import { countEvents } from '../platform/events.ts';
import { keys } from '../platform/keys.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type Budget, budgetNames, budgetWindows, type CardTry, cardTries, type Empty } from '../rules/budgets.ts';

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
    const hours = budgetWindows[budget] / 3_600_000;
    void alarm(runtime, { budget, hours }, 'a budget of first texts is used up: more of them wait or are refused');
  }
}

/** The same of cards: `of` is whose tries are used up. */
export function noteCardTries(runtime: Runtime, budget: CardTry, of: 'account' | 'address' | 'all'): void {
  countEvents(runtime, { [`budget:${budget}`]: 1 });
  void alarm(
    runtime,
    { budget, of, hours: 1 },
    'too many cards were saved or declined: somebody may be trying stolen cards, more of them are refused',
  );
}

/** The budgets that were said to be used up within the hour. Throws while Redis is unavailable. */
export async function readBudgetAlarms({ redis }: Pick<Runtime, 'redis'>): Promise<(Budget | CardTry)[]> {
  const names = [...budgetNames, ...cardTries];
  const said = await redis.mget(names.map((name) => keys.budgetAlarm(name)));
  return names.filter((_, at) => said[at] !== null);
}

const ALARM_SECONDS = 3_600;

type Alarmed = { budget: Budget | CardTry; hours: number; of?: string };

async function alarm(runtime: Runtime, what: Alarmed, says: string): Promise<void> {
  if (await isFirst(runtime, what.budget)) runtime.log.error(what, says);
}

/** While Redis does not answer, each process says it by itself. */
async function isFirst(runtime: Runtime, budget: Alarmed['budget']): Promise<boolean> {
  const said = runtime.use(openSaid);
  if (performance.now() - (said.get(budget) ?? Number.NEGATIVE_INFINITY) < ALARM_SECONDS * 1_000) return false;
  said.set(budget, performance.now());
  try {
    return (await runtime.redis.set(keys.budgetAlarm(budget), '1', 'EX', ALARM_SECONDS, 'NX')) === 'OK';
  } catch {
    return true;
  }
}

function openSaid(): Map<Alarmed['budget'], number> {
  return new Map();
}
