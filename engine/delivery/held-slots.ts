import type { Runtime } from '../platform/runtime.ts';
import type { Request, Reservation, Reserved } from './fair-queue.ts';
import { joinReservations } from './joined-reservations.ts';
import { reserveSlots } from './reservations.ts';

/**
 * The slots that one piece of work has reserved, however often its transaction is done again. What Redis has granted is
 * taken out of its lines: a try that MySQL gives up must not forget it, no matter to whom it was granted. So what the next try
 * wants is asked for only as far as it is not held yet, and all that is held can be placed in the end.
 */
export type HeldSlots = {
  reserve(requests: readonly Request[]): Promise<Reservation[]>;
  /** All that is held, and how many groups waited when Redis was asked last. */
  all(): Reserved;
};

export function openHeldSlots(runtime: Runtime): HeldSlots {
  const held = new Map<string, Reservation>();
  let waiting = 0;
  let failed: unknown[] = [];
  return {
    async reserve(requests) {
      const open = requests.map((request) => ({
        ...request,
        count: request.count - (held.get(nameOf(request))?.count ?? 0),
      }));
      const reserved = await reserveSlots(runtime, open);
      ({ waiting, failed } = reserved);
      for (const one of joinReservations([...held.values(), ...reserved.reservations])) held.set(nameOf(one), one);
      return [...held.values()];
    },
    all: () => ({ reservations: [...held.values()], waiting, failed }),
  };
}

function nameOf({ messageId, numberId }: Pick<Reservation, 'messageId' | 'numberId'>): string {
  return `${messageId}:${numberId}`;
}
