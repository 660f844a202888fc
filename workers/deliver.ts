import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimDeliveries, markSkipped, readSendSheets, type SendSheet } from '../db/claims.ts';
import type { DeliveryKey } from '../db/delivery-keys.ts';
import { readMedia } from '../db/messages.ts';
import { type Batcher, batched } from '../engine/batch.ts';
import type { SendVerdict } from '../engine/carriers/carrier.ts';
import { holdNumber } from '../engine/pacing.ts';
import { pauseCarrier, pausedForMs, resumeCarrier } from '../engine/pause.ts';
import { CLAIM_GRACE_MS } from '../engine/progress.ts';
import { nameOf, type SendJob, type TryOf } from '../engine/queues.ts';
import { PAUSE_MS } from '../engine/rules/status.ts';
import { splitDelivered } from '../engine/rules/text.ts';
import type { Runtime } from '../engine/runtime.ts';
import { renew } from '../engine/slots.ts';
import { openSpacing } from '../engine/spacing.ts';
import { tellOutcome } from './tell.ts';

/**
 * Sends the deliveries of a job: claims them, asks the carrier, and is done when the outcomes are committed. Safe to
 * run twice, because a delivery can be claimed once; one that is blocked or gone by now is skipped.
 */
export function openDelivering(runtime: Runtime): Delivering {
  const claims = openClaims(runtime);
  const gate = openGate(runtime);
  const spacing = openSpacing(runtime);
  let stopping = false;

  async function deliver(of: TryOf, isProbe: boolean): Promise<void> {
    const sheet = await claims.add(of);
    if (sheet === null) return;
    const verdict = performance.now() > sheet.sendBy ? TOO_LATE : await send(sheet, of);
    const news = { kind: 'outcome', attempt: of.attempt, verdict: verdict.kind } as const;
    const fresh = of.attempt === 1 ? { fresh: { cost: sheet.cost } } : {};
    await Promise.all([
      tellOutcome(runtime, { of, news, ...notes(verdict), ...fresh }, () => stopping),
      gate.saw(verdict, isProbe),
    ]);
    if (verdict.kind === 'retry' && verdict.throttled) await holdNumberOf(runtime, sheet, verdict);
  }

  function send(sheet: SendSheet, of: TryOf): Promise<SendVerdict> {
    return runtime.carrier.send({
      from: sheet.from,
      to: sheet.to,
      text: partOf(sheet),
      media: sheet.part === 0 ? readMedia(sheet.media) : [],
      reportUrl: `${runtime.config.PUBLIC_URL.replace(/\/$/, '')}/plivo/status?d=${nameOf(of)}`,
    });
  }

  /** Those of a job that are due together; answers whom it could not send to in their slot. */
  async function deliverSlot({ messageId, numberId, atMs }: SendJob, { afterMs, to }: SlotOf): Promise<SendJob['to']> {
    const slot = atMs === null ? null : atMs + afterMs;
    const waitMs = slot === null || afterMs === 0 ? 0 : slot - Date.now();
    // Not for a moment where it has passed: a later message of the group would overtake.
    if (waitMs > 0) await sleep(waitMs);
    const { isProbe, openSince } = await gate.pass();
    if (slot !== null && slot < openSince) return to;
    const gapMs = await spacing.pass(numberId, to.length);
    await Promise.all(
      to.map(async (recipient, at) => {
        if (at * gapMs > 0) await sleep(at * gapMs);
        await deliver({ messageId, ...recipient }, isProbe);
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

type SlotOf = { afterMs: number; to: SendJob['to'] };

function slotsIn({ to }: SendJob): SlotOf[] {
  const slots = new Map<number, SendJob['to']>();
  for (const { afterMs = 0, ...recipient } of to) slots.set(afterMs, [...(slots.get(afterMs) ?? []), recipient]);
  return [...slots].map(([afterMs, some]) => ({ afterMs, to: some }));
}

/** Claimed by a process that then stood still: by now another may have the next try. */
const TOO_LATE: SendVerdict = { kind: 'retry', throttled: false, retryAfterMs: null, reason: 'claimed too long ago' };
/** `sendBy` is on a clock that nobody sets. */
type Claimed = SendSheet & { sendBy: number };

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
    default:
      return { reason: verdict.reason };
  }
}

const HOLD_MS = 5_000;

async function holdNumberOf(
  runtime: Runtime,
  sheet: SendSheet,
  { retryAfterMs }: { retryAfterMs: number | null },
): Promise<void> {
  const untilMs = Date.now() + (retryAfterMs ?? HOLD_MS);
  await holdNumber(runtime.redis, { numberId: sheet.numberId, untilMs }).catch((err) =>
    runtime.log.warn({ err }, 'a number that the carrier throttles could not be held'),
  );
}

/** Long texts are rare: nearly always the one part is the text. */
function partOf({ text, part }: SendSheet): string {
  return splitDelivered(text)[part] ?? '';
}

/**
 * Claims many tries with two statements: what to send, as it is now, and the mark that makes each ours alone. A job
 * that comes late, after its try was made, gets nothing.
 */
function openClaims(runtime: Runtime): Batcher<TryOf, Claimed | null> {
  // Process ids are no names: in containers, many processes have the same.
  const claimer = randomBytes(9).toString('base64url');
  let claims = 0;
  return batched({
    max: 400,
    lingerMs: 2,
    parallel: 2,
    async flush(tries) {
      const now = new Date();
      const sendBy = performance.now() + CLAIM_GRACE_MS / 2;
      const asked = new Map(tries.map((of) => [keyOf(of), of.attempt]));
      const sheets = await readSendSheets(runtime.db, tries);
      const open = sheets.filter((sheet) => sheet.state === 'queued' && sheet.attempt + 1 === asked.get(keyOf(sheet)));
      const skipped = open.filter((sheet) => whySkipped(sheet) !== null);
      for (const sheet of skipped) await markSkipped(runtime.db, { key: sheet, reason: whySkipped(sheet) ?? '', now });
      const wanted = open.filter((sheet) => whySkipped(sheet) === null);
      const claim = `${claimer}-${++claims}`;
      const dueAt = new Date(now.getTime() + runtime.config.CARRIER_TIMEOUT_MS + CLAIM_GRACE_MS);
      const mine = wanted.length === 0 ? [] : await claimDeliveries(runtime.db, { tries: wanted, claim, dueAt });
      const got = new Map(mine.map((sheet) => [keyOf(sheet), { ...sheet, sendBy }]));
      return tries.map((of) => {
        const sheet = got.get(keyOf(of)) ?? null;
        // Two jobs may ask for the same try in one batch: the second gets nothing.
        got.delete(keyOf(of));
        return sheet;
      });
    },
  });
}

function whySkipped({ blocked, gone, anyway, text, media }: SendSheet): string | null {
  if (blocked === 1 && anyway === 0) return 'blocked';
  if (text === '' && media === null) return 'expired';
  return gone === 1 ? 'gone' : null;
}

function keyOf({ messageId, personId, part }: DeliveryKey): string {
  return `${messageId}-${personId}-${part}`;
}

type Gate = {
  /**
   * Answers when sending may go on. `isProbe`: a pause is known and its time has come, so what the carrier says to this
   * text tells whether it is over. `openSince`: slots before that could not be used.
   */
  pass(): Promise<{ isProbe: boolean; openSince: number }>;
  saw(verdict: SendVerdict, isProbe: boolean): Promise<void>;
  shut(): void;
};

/** Holds every job while the carrier refuses everything; the first texts after that tell whether it still does. */
function openGate(runtime: Runtime): Gate {
  const stop = new AbortController();
  // Each job that is held listens.
  setMaxListeners(0, stop.signal);
  let lookedAt = 0;
  let waitMs: number | null = null;
  let openSince = Date.now();
  return {
    async pass() {
      for (;;) {
        if (Date.now() - lookedAt > LOOK_MS) {
          lookedAt = Date.now();
          waitMs = await pausedForMs(runtime);
        }
        if (waitMs === null || waitMs === 0) return { isProbe: waitMs === 0, openSince };
        // Rejects when the process stops: the job goes back to its queue.
        await sleep(Math.min(waitMs, LOOK_MS), undefined, { signal: stop.signal });
        openSince = Date.now();
      }
    },
    async saw(verdict, isProbe) {
      if (verdict.kind === 'paused') {
        // At once, so that nothing slips through while the row is written.
        lookedAt = Date.now();
        waitMs = PAUSE_MS;
        await pauseCarrier(runtime, verdict.errorCode);
      }
      // What was on its way when the pause began says nothing of now.
      if (verdict.kind === 'accepted' && isProbe && waitMs !== null) {
        waitMs = null;
        await resumeCarrier(runtime);
      }
    },
    shut: () => stop.abort(new Error('the process stops')),
  };
}
const LOOK_MS = 1_000;
