import type { Budget, CardTry } from '../rules/budgets.ts';
import type { DeliveryState } from '../rules/status.ts';
import { keys } from './keys.ts';
import type { Runtime } from './runtime.ts';

/** What is counted for the operators, over all processes; Redis holds the sums, and they begin anew when it is emptied. */
export type Counted = 'accepted' | DeliveryState | `push:${PushEvent}` | `budget:${Budget | CardTry}`;
/** What a push service said of a device, or that a member got a text instead. */
export type PushEvent = 'taken' | 'refused' | 'gone' | 'unsure' | 'late' | 'text';

/** Best effort, and nobody waits for it: numbers for a graph are not worth a text. */
export function countEvents({ redis }: Runtime, counts: Partial<Record<Counted, number>>): void {
  for (const [what, count] of Object.entries(counts)) redis.hincrby(keys.events, what, count).catch(() => undefined);
}

/** The sums so far. Throws while Redis is unavailable. */
export async function readEvents({ redis }: Runtime): Promise<ReadonlyMap<string, number>> {
  return new Map(Object.entries(await redis.hgetall(keys.events)).map(([what, count]) => [what, Number(count)]));
}
