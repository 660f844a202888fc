import { setTimeout as sleep } from 'node:timers/promises';
import type { SendVerdict } from '../carriers/carrier.ts';
import { nameOf, type SendJob, type TryOf } from '../platform/queues.ts';
import type { Runtime } from '../platform/runtime.ts';
import { reportUrl } from '../platform/webhook-urls.ts';
import { OPTED_OUT } from '../rules/digest.ts';
import { type BatchOf, type Claimed, openClaims } from './claims.ts';
import { openGate } from './gate.ts';
import { openGathering } from './gathering.ts';
import { holdNumber } from './pacing.ts';
import { optOut } from './report.ts';
import { renew } from './slots.ts';
import { openSpacing } from './spacing.ts';
import { tellOutcome, tellTaken } from './tell.ts';

/**
 * Sends the deliveries of a job: claims them, asks the carrier, and is done when the outcomes are committed. Safe to
 * run twice, because a delivery can be claimed once; one that is blocked or gone by now is skipped.
 */
export function openDelivering(runtime: Runtime): Delivering {
  const claims = openClaims(runtime);
  const gate = openGate(runtime);
  const spacing = openSpacing(runtime);
  const { PUBLIC_URL } = runtime.config;
  let stopping = false;

  async function send({ from, to, text, media, sendBy, numberId }: Claimed, of: TryOf): Promise<SendVerdict> {
    if (performance.now() > sendBy) return TOO_LATE;
    const carrier = await runtime.carrierOf(numberId);
    return runtime.carriers.send(carrier, {
      from,
      to,
      text,
      media,
      reportUrl: reportUrl(PUBLIC_URL, carrier, nameOf(of)),
    });
  }

  async function note(of: TryOf, sheet: Claimed, { verdict, isProbe }: Answered): Promise<void> {
    // Before the outcome is noted, as with a report: where this fails, the try is unknown and comes back.
    if (verdict.kind === 'failed' && verdict.optedOut) await optOut(runtime, of.personId);
    const news = { kind: 'outcome', attempt: of.attempt, verdict: verdict.kind } as const;
    const fresh = of.attempt === 1 ? { fresh: { cost: sheet.cost } } : {};
    await Promise.all([
      tellOutcome(runtime, { of, news, ...notes(verdict), ...fresh }, () => stopping),
      gate.saw(sheet.numberId, verdict, isProbe),
    ]);
    if (verdict.kind === 'retry' && verdict.throttled) await holdNumberOf(runtime, sheet, verdict);
  }

  async function deliverOne(of: TryOf, isProbe: boolean): Promise<void> {
    const sheet = await claims.one(of);
    if (sheet !== null) await note(of, sheet, { verdict: await send(sheet, of), isProbe });
  }

  async function deliverBatch({ messageId, batch, to }: BatchOf, { isProbe, gapMs }: How): Promise<void> {
    const sheets = await claims.batch({ messageId, batch, to });
    if (sheets === null) return;
    const [{ part } = { part: 0 }] = to;
    const [{ cost } = { cost: 0 }] = sheets.values();
    const gathering = openGathering((texts, ends) =>
      tellTaken(runtime, { messageId, batch, part, cost, texts, ends }, () => stopping),
    );
    const done = await Promise.allSettled(
      to.map(async ({ personId }, at) => {
        const sheet = sheets.get(personId);
        if (sheet === undefined) return;
        if (at * gapMs > 0) await sleep(at * gapMs);
        const of = { messageId, personId, part, attempt: 1 };
        const verdict = await send(sheet, of);
        if (verdict.kind !== 'accepted' || isProbe) await note(of, sheet, { verdict, isProbe });
        else gathering.add({ personId, carrierId: verdict.carrierId });
      }),
    );
    const failed = done.find((one) => one.status === 'rejected');
    await gathering.end(failed === undefined);
    if (failed) throw failed.reason;
  }

  /** Those of a job that are due together; answers whom it could not send to in their slot. */
  async function deliverSlot(job: SendJob, { afterMs, to }: SlotOf): Promise<SendJob['to']> {
    const { messageId, numberId, atMs, batch } = job;
    const slot = atMs === null ? null : atMs + afterMs;
    const waitMs = slot === null || afterMs === 0 ? 0 : slot - Date.now();
    // Not for a moment where it has passed: a later message of the group would overtake.
    if (waitMs > 0) await sleep(waitMs);
    const { isProbe, openSince } = await gate.pass(numberId);
    if (slot !== null && slot < openSince) return to;
    const gapMs = await spacing.pass(numberId, to.length);
    if (batch !== undefined) {
      await deliverBatch({ messageId, batch, to }, { isProbe, gapMs });
      return [];
    }
    await Promise.all(
      to.map(async (recipient, at) => {
        if (at * gapMs > 0) await sleep(at * gapMs);
        await deliverOne({ messageId, ...recipient }, isProbe);
      }),
    );
    return [];
  }

  return {
    async deliver(job) {
      const late = await Promise.all(slotsIn(job).map((slot) => deliverSlot(job, slot)));
      const to = late.flat();
      // What could not be sent in its slot would go out in one burst with all others of which that is true.
      if (to.length > 0) await renew(runtime, { ...job, to });
    },
    stop() {
      stopping = true;
      gate.shut();
      spacing.stop();
    },
  };
}
/** `stop` lets go of jobs that are held back, so that the process can end. */
export type Delivering = { deliver(send: SendJob): Promise<void>; stop(): void };

type Answered = { verdict: SendVerdict; isProbe: boolean };
/** `gapMs`: between one of a batch and the next. */
type How = { isProbe: boolean; gapMs: number };
type SlotOf = { afterMs: number; to: SendJob['to'] };

function slotsIn({ to }: SendJob): SlotOf[] {
  const slots = new Map<number, SendJob['to']>();
  for (const { afterMs = 0, ...recipient } of to) {
    const others = slots.get(afterMs);
    if (others === undefined) slots.set(afterMs, [recipient]);
    else others.push(recipient);
  }
  return [...slots].map(([afterMs, some]) => ({ afterMs, to: some }));
}

/** Claimed by a process that then stood still: by now another may have the next try. */
const TOO_LATE: SendVerdict = { kind: 'retry', throttled: false, retryAfterMs: null, reason: 'claimed too long ago' };

/** What an answer of the carrier adds to the delivery's row. */
function notes(verdict: SendVerdict): {
  carrierId?: string;
  reason?: string;
  errorCode?: number;
  waitMs?: number | null;
} {
  switch (verdict.kind) {
    case 'accepted':
      return { carrierId: verdict.carrierId };
    case 'retry':
      return { reason: verdict.reason, waitMs: verdict.retryAfterMs };
    case 'paused':
      return { reason: verdict.reason, errorCode: verdict.errorCode };
    case 'failed': {
      const { errorCode } = verdict;
      return {
        reason: verdict.optedOut ? OPTED_OUT : verdict.reason,
        ...(errorCode === undefined ? {} : { errorCode }),
      };
    }
    default:
      return { reason: verdict.reason };
  }
}

const HOLD_MS = 5_000;

async function holdNumberOf(
  runtime: Runtime,
  sheet: Claimed,
  { retryAfterMs }: { retryAfterMs: number | null },
): Promise<void> {
  const untilMs = Date.now() + (retryAfterMs ?? HOLD_MS);
  await holdNumber(runtime.redis, { numberId: sheet.numberId, untilMs }).catch((err) =>
    runtime.log.warn({ err }, 'a number that the carrier throttles could not be held'),
  );
}
