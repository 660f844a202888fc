/** The states of one delivery (one message to one member), as the database, the trace and the metrics name them. */
export const deliveryStates = [
  'queued',
  'sending',
  'unknown',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'skipped',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** What is kept of a delivery between two pieces of event. */
export type DeliveryNow = {
  state: DeliveryState;
  /** The number of the latest try, from 1; 0 before the first. Every try has its own, so that late news finds it. */
  attempt: number;
  /** How many tries met a paused account: these do not count against the limit. */
  pauses: number;
  /** The carrier's last word on each try that it took. Small: one entry for nearly every delivery. */
  attemptLog: Readonly<Record<number, AttemptReport>>;
};
export type AttemptReport = { status: 'sent' | 'undelivered' | 'failed' | 'delivered'; sequence: number | null };

export const newDelivery: DeliveryNow = { state: 'queued', attempt: 0, pauses: 0, attemptLog: {} };

export type DeliveryEvent =
  /** A worker is about to send this try. `changed` says whether it may. */
  | { kind: 'claimed'; attempt: number }
  /** What the carrier answered to the send. */
  | { kind: 'outcome'; attempt: number; verdict: 'accepted' | 'retry' | 'paused' | 'failed' | 'unknown' }
  /** What the carrier reported later. `meaning` is that of its error code, null where it has none. */
  | { kind: 'report'; attempt: number; status: ReportStatus; meaning: Meaning | null; sequence: number | null }
  /** An unknown try was waited for long enough. */
  | { kind: 'expired'; attempt: number };

/** What a carrier reports of a text, in our words. */
export const reportStatuses = ['queued', 'sent', 'delivered', 'undelivered', 'failed'] as const;
export type ReportStatus = (typeof reportStatuses)[number];

type Meaning = 'retry' | 'failed' | 'optout' | 'paused';

export type Step = {
  next: DeliveryNow;
  /** False when the news says nothing new: there is nothing to write and nothing to do. */
  changed: boolean;
  /** Queue another try: after a backoff, or when the account may send again. */
  again: 'no' | 'backoff' | 'pause';
  /** The owner's account pays for this try, or gets that payment back. Never both; a try is never paid twice. */
  charge: boolean;
  refund: boolean;
  /** Nothing more is expected, though a late report may still correct it. */
  final: boolean;
};

/**
 * One step of a delivery. Promises: a delivered one stays delivered; of the reports of one try the highest sequence
 * counts, whatever order they come in; the same news twice is as once; a try is paid for while the carrier's last word
 * on it is not `failed`; there is no new try while the carrier still has one under way.
 */
export function advance({ delivery, event, maxAttempts, ageMs }: Circumstances): Step {
  const heard = hear(delivery, event);
  const settled = heard === null ? delivery : settle(heard, (tried) => tried < maxAttempts && ageMs < MAX_AGE_MS);
  const paidBefore = isPaid(delivery.attemptLog[event.attempt]);
  const paidAfter = isPaid(settled.attemptLog[event.attempt]);
  const triedSince = delivery.state !== 'queued' || settled.attempt > delivery.attempt;
  const queuedAgain = settled.state === 'queued' && triedSince;
  return {
    next: settled,
    changed: settled !== delivery,
    again: !queuedAgain ? 'no' : settled.pauses > delivery.pauses ? 'pause' : 'backoff',
    charge: paidAfter && !paidBefore,
    refund: paidBefore && !paidAfter,
    final: finalStates.has(settled.state),
  };
}
/** `ageMs`: since the delivery was made. */
export type Circumstances = { delivery: DeliveryNow; event: DeliveryEvent; maxAttempts: number; ageMs: number };

/** A text that could not be sent for a day is no longer worth sending. */
export const MAX_AGE_MS = 24 * 3_600_000;

/** While the account may not send (no credit, disabled), one text tries again this often. */
export const PAUSE_MS = 120_000;

/**
 * How long to wait before the next try, when `tried` of them failed: 5 s, 15 s, 1 min, 5 min, 30 min, then 1 h each,
 * give or take half, so that texts that failed together do not come back together. `random` is from 0 to 1.
 */
export function backoffMs(tried: number, random: number): number {
  const waits = [5_000, 15_000, 60_000, 300_000, 1_800_000];
  return Math.round((waits[Math.max(1, tried) - 1] ?? 3_600_000) * (0.5 + random));
}

const finalStates = new Set<DeliveryState>(['delivered', 'undelivered', 'failed', 'skipped']);

/** How the latest try ended, and what to do next. */
type Ending = { as: 'failed' | 'undelivered'; next: 'stop' | 'backoff' | 'pause' };
const endings = { retry: 'backoff', paused: 'pause', failed: 'stop', optout: 'stop' } as const;

type Heard = { delivery: DeliveryNow; ending: Ending | null };

/** The delivery with the news written down, its state not yet drawn from it; null when it is no event. */
function hear(known: DeliveryNow, event: DeliveryEvent): Heard | null {
  if (known.state === 'skipped') return null;
  switch (event.kind) {
    case 'claimed': {
      const free = known.state === 'queued' && event.attempt > known.attempt;
      return free ? { delivery: claimed(known, event.attempt), ending: null } : null;
    }
    case 'expired': {
      const waiting = known.state === 'unknown' && event.attempt === known.attempt;
      return waiting ? { delivery: known, ending: { as: 'failed', next: 'backoff' } } : null;
    }
    case 'outcome':
      return hearOutcome(claimed(known, event.attempt), event);
    case 'report':
      return hearReport(claimed(known, event.attempt), event);
  }
}

/** News of a try that we have not written down yet shows that it was made. */
function claimed(delivery: DeliveryNow, attempt: number): DeliveryNow {
  if (attempt <= delivery.attempt) return delivery;
  return { ...delivery, attempt, state: delivery.state === 'delivered' ? 'delivered' : 'sending' };
}

function hearOutcome(
  delivery: DeliveryNow,
  { attempt, verdict }: Extract<DeliveryEvent, { kind: 'outcome' }>,
): Heard | null {
  if (verdict === 'accepted') {
    // A report may have been faster than the answer to the send: then it says more.
    if (delivery.attemptLog[attempt]) return null;
    return { delivery: withReport(delivery, attempt, { status: 'sent', sequence: null }), ending: null };
  }
  const open = delivery.state === 'sending' || delivery.state === 'unknown';
  if (attempt !== delivery.attempt || !open) return null;
  if (verdict !== 'unknown') return { delivery, ending: { as: 'failed', next: endings[verdict] } };
  return delivery.state === 'unknown' ? null : { delivery: { ...delivery, state: 'unknown' }, ending: null };
}

function hearReport(delivery: DeliveryNow, report: Extract<DeliveryEvent, { kind: 'report' }>): Heard | null {
  const { attempt, meaning } = report;
  const status = report.status === 'queued' ? 'sent' : report.status;
  const last = delivery.attemptLog[attempt];
  if (last && !isNewer(last, { status, sequence: report.sequence })) return null;
  const noted = withReport(delivery, attempt, { status, sequence: report.sequence ?? last?.sequence ?? null });
  if (status === 'sent' || status === 'delivered') return { delivery: noted, ending: null };
  // The end of an older try matters only where we relied on that one.
  const matters = attempt === delivery.attempt || delivery.state === 'sent';
  return { delivery: noted, ending: matters ? { as: status, next: meaning ? endings[meaning] : 'stop' } : null };
}

const ranks: Record<AttemptReport['status'], number> = { sent: 1, undelivered: 2, failed: 2, delivered: 3 };

function isNewer(last: AttemptReport, report: AttemptReport): boolean {
  if (last.status === 'delivered' || report.status === 'delivered') return last.status !== 'delivered';
  if (report.sequence === null) return ranks[report.status] > ranks[last.status];
  return last.sequence === null ? ranks[report.status] >= ranks[last.status] : report.sequence > last.sequence;
}

function withReport(delivery: DeliveryNow, attempt: number, last: AttemptReport): DeliveryNow {
  return { ...delivery, attemptLog: { ...delivery.attemptLog, [attempt]: last } };
}

/** The state that follows from what is known of all tries, the strongest fact first. */
function settle({ delivery, ending }: Heard, mayTry: (tried: number) => boolean): DeliveryNow {
  const { state, attempt, pauses, attemptLog } = delivery;
  const known = Object.values(attemptLog).map((last) => last.status);
  if (known.includes('delivered')) return { ...delivery, state: 'delivered' };
  if (state === 'sending' && !attemptLog[attempt] && !ending) return delivery;
  if (known.includes('sent')) return { ...delivery, state: 'sent' };
  if (!ending) return delivery;
  if (state === 'queued') return ending.next === 'stop' ? { ...delivery, state: ending.as } : delivery;
  if (ending.next === 'stop' || finalStates.has(state)) return { ...delivery, state: ending.as };
  const met = ending.next === 'pause' ? pauses + 1 : pauses;
  return mayTry(attempt - met) ? { ...delivery, state: 'queued', pauses: met } : { ...delivery, state: ending.as };
}

/** The price of a try is reserved: one may still be made, or is under way. */
export function isReserved({ state }: Pick<DeliveryNow, 'state'>): boolean {
  return openStates.has(state);
}

const openStates = new Set<DeliveryState>(['queued', 'sending', 'unknown']);

/** The carrier took this try and has not given it back. */
function isPaid(last: AttemptReport | undefined): boolean {
  return last !== undefined && last.status !== 'failed';
}
