/**
 * One for each message and number, however many calls have granted its slots, later ones behind the earlier: what is granted twice
 * would find the same deliveries waiting twice, and send them twice.
 */
export function joinReservations<T extends Granted>(reservations: readonly T[]): T[] {
  const joined = new Map<string, T>();
  for (const one of reservations) {
    const name = `${one.messageId}:${one.numberId}`;
    const before = joined.get(name);
    joined.set(name, before === undefined ? one : withMore(before, one));
  }
  return [...joined.values()];
}

type Granted = { messageId: number; numberId: number; count: number; slots: number[] | null };

function withMore<T extends Granted>(before: T, { count, slots }: T): T {
  const all = slots === null ? null : [...(before.slots ?? []), ...slots];
  return { ...before, count: before.count + count, slots: all };
}
