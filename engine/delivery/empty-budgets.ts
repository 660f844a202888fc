import { LRUCache } from 'lru-cache';
import type { Runtime } from '../platform/runtime.ts';
import type { Budget, Empty, FirstText } from '../rules/budgets.ts';

/**
 * The empty budget of these that this process knows of, or null. A budget has no room before its oldest text is old enough, so
 * until then a stranger is refused without the lock, for which a flood of them would wait in line, each with a connection.
 */
export function findKnownEmpty(runtime: Runtime, subjects: FirstText['subjects'], now: Date): Empty | null {
  const empty = runtime.use(openEmpty);
  for (const budget of SHARED) {
    const roomAt = empty.get(`${budget} ${subjects[budget]}`) ?? 0;
    if (roomAt > now.getTime()) return { budget, roomAt };
  }
  return null;
}

/** Keeps what MySQL counted for a single text: of several, those before it in the same call may be undone. */
export function rememberEmpty(runtime: Runtime, subjects: FirstText['subjects'], { budget, roomAt }: Empty): void {
  if (SHARED.includes(budget)) runtime.use(openEmpty).set(`${budget} ${subjects[budget]}`, roomAt);
}

/** Those that strangers share. That of a phone is asked for each time: the phone may be known by now. */
const SHARED: readonly Budget[] = ['address', 'network', 'prefix', 'hour'];

function openEmpty(): LRUCache<string, number> {
  return new LRUCache({ max: 10_000 });
}
