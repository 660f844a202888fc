/**
 * An update of the provider about one charge. `refund_total` is how much of it was refunded altogether; `refund` and
 * `refund_failed` are about one refund, `dispute` (its money is withheld) and `dispute_cleared` about one dispute.
 */
export type PaymentUpdate = {
  kind: 'paid' | 'failed' | 'refund_total' | 'refund' | 'refund_failed' | 'dispute' | 'dispute_cleared';
  /** The provider’s name of the refund or dispute. */
  subject: string | null;
  /** Pennies. */
  amount: number;
  /** By the provider’s clock, which counts seconds. */
  atMs: number;
};

/** Pennies of a charge that went back, by reason. */
export type TakenBack = { refunded: number; disputed: number; failed: number };

/**
 * Returns what is to be booked back of a charge of `amount` pennies after all these updates, whatever the order in which they came and
 * however often: their times decide, and of two in the same second the later step wins.
 */
export function takenBack(amount: number, updates: readonly PaymentUpdate[]): TakenBack {
  const failedAt = latest(updates, 'failed');
  if (failedAt !== null && failedAt >= (latest(updates, 'paid') ?? Number.NEGATIVE_INFINITY))
    return { refunded: 0, disputed: 0, failed: amount };
  return { refunded: Math.min(amount, sumRefunds(updates)), disputed: sumDisputes(updates), failed: 0 };
}

/** The newest total, less the refunds that failed after it; or the refunds one by one, where those say more. */
function sumRefunds(updates: readonly PaymentUpdate[]): number {
  const totals = updates.filter(({ kind }) => kind === 'refund_total');
  const total = totals.reduce<PaymentUpdate | null>(
    (best, one) =>
      best === null || one.atMs > best.atMs || (one.atMs === best.atMs && one.amount > best.amount) ? one : best,
    null,
  );
  const refunds = lastWords(updates, ['refund', 'refund_failed']);
  const gone = sum(refunds.filter(({ kind }) => kind === 'refund'));
  if (total === null) return gone;
  const back = sum(refunds.filter(({ kind, atMs }) => kind === 'refund_failed' && atMs >= total.atMs));
  return Math.max(0, total.amount - back, gone);
}

function sumDisputes(updates: readonly PaymentUpdate[]): number {
  return sum(lastWords(updates, ['dispute', 'dispute_cleared']).filter(({ kind }) => kind === 'dispute'));
}

/** The last that was said of each refund or dispute; `kinds` in the order in which they follow each other. */
function lastWords(updates: readonly PaymentUpdate[], kinds: readonly PaymentUpdate['kind'][]): PaymentUpdate[] {
  const last = new Map<string | null, PaymentUpdate>();
  const ordered = updates
    .filter(({ kind }) => kinds.includes(kind))
    .sort((a, b) => a.atMs - b.atMs || kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.amount - b.amount);
  for (const one of ordered) last.set(one.subject, one);
  return [...last.values()];
}

function latest(updates: readonly PaymentUpdate[], wanted: PaymentUpdate['kind']): number | null {
  const times = updates.filter(({ kind }) => kind === wanted).map(({ atMs }) => atMs);
  return times.length === 0 ? null : Math.max(...times);
}

function sum(updates: readonly PaymentUpdate[]): number {
  return updates.reduce((total, { amount }) => total + amount, 0);
}

/** How people recognize a card: Visa ending in 4242. */
export function nameCard({ brand, last4 }: { brand: string; last4: string }): string {
  return `${brand} ending in ${last4}`;
}
