import type { Reservation } from './fair-queue.ts';

/**
 * One for each message and number, however many calls have granted its slots, later ones behind the earlier: what is granted twice
 * would find the same deliveries waiting twice, and send them twice.
 */
export function joinReservations(reservations: readonly Reservation[]): Reservation[] {
  const joined = new Map<string, Reservation>();
  for (const one of reservations) {
    const name = `${one.messageId}:${one.numberId}`;
    const before = joined.get(name);
    joined.set(name, before === undefined ? one : withMore(before, one));
  }
  return [...joined.values()];
}

function withMore(before: Reservation, { count, slots }: Reservation): Reservation {
  const all = slots === null ? null : [...(before.slots ?? []), ...slots];
  return { ...before, count: before.count + count, slots: all };
}
