import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { batchName } from '../../db/deliveries/batches.ts';
import type { SendVerdict } from '../carriers/carrier.ts';
import { type Counted, countEvents } from '../platform/events.ts';
import { AHEAD_MS, type SendBatch, type SendJob } from '../platform/jobs.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { PAUSE_MS } from '../rules/status.ts';
import { type TryOf, tryName } from '../rules/try-name.ts';
import { openAckBuffer } from './ack-buffer.ts';
import { openCarrierCalls } from './carrier-calls.ts';
import { HELD, openCircuitBreaker } from './circuit-breaker.ts';
import { BEHIND, GONE, LET_GO, STRANDED } from './claim-order.ts';
import { type Claimed, requestOf } from './claimed-texts.ts';
import { type Claim, openClaims } from './claims.ts';
import { holdNumber } from './fair-queue.ts';
import { type Ended, openNextBatches } from './next-batches.ts';
import { openOverdue } from './overdue.ts';
import { batchOf } from './queued-sends.ts';
import { isStale, type Moment, openRateLimiter } from './rate-limiter.ts';
import { recordUntilCommitted } from './record.ts';
import { optOut } from './report.ts';
import { requeue } from './reservations.ts';
import { isPartBefore, openSendOrder, type Run } from './send-order.ts';
import { heldBack, outcomeOf } from './send-outcomes.ts';
import { holdForNow } from './sending-holds.ts';
import { openWaitingBehind } from './waiting-behind.ts';

/**
 * Sends the batches of a job: each waits for its slot and for room within the limits, is claimed, goes to the carrier,
 * and is done when its outcomes are committed. Safe to run twice, because a batch can be claimed once; who is blocked or
 * gone by now is skipped.
 */
export function openDelivering(runtime: Runtime): Delivering {
  const order = openSendOrder();
  const claims = openClaims(runtime, order);
  const breaker = openCircuitBreaker(runtime);
  const limiter = openRateLimiter(runtime);
  const overdue = openOverdue(runtime);
  const toCarrier = openCarrierCalls(runtime);
  const nextBatches = openNextBatches(runtime, { deliverBatch });
  const stopping = new AbortController();
  // Each that waits listens.
  setMaxListeners(0, stopping.signal);
  const behind = openWaitingBehind(claims, { signal: stopping.signal, onStranded: nextBatches.notePile });

  /**
   * `late` where the slot has passed while nothing could be sent; HELD where an operator holds the number; `yields` where the
   * batch is behind others that wait for a place: with all places taken by such, none would ever have one; 'left' where it is one
   * of a run that did not come so far: its own job has it; LET_GO where that may have found it claimed.
   */
  async function deliverBatch(job: SendJob, batch: SendBatch, run?: Run): Promise<Ended> {
    const slot = job.atMs === null ? null : job.atMs + batch.afterMs;
    const slotAt = performance.now() + (slot === null ? 0 : slot - Date.now());
    const key = batchOf(job, batch);
    const waitMs = slotAt - AHEAD_MS - performance.now();
    // Not for a moment where it has passed: a later message of the group would overtake.
    if (slot !== null && waitMs > 0) await sleep(waitMs);
    if (run === undefined && order.hasJob(batchName(key))) return 'done';
    const turn = order.join(job.numberId, key, run);
    const of = { batch: key, numberId: job.numberId, since: performance.now() };
    let passed: Awaited<ReturnType<typeof breaker.pass>> = HELD;
    let instead: Moment | null = null;
    let released: Claim | null = null;
    if (turn.ahead >= MANY_AHEAD) nextBatches.notePile(job.numberId);
    try {
      await turn.come;
      for (;;) {
        // Others may have it by now: each that asks for a moment takes one of the number's.
        const isDoubtful = slot !== null && (job.againAt !== undefined || Date.now() - slot > OVERDUE_MS);
        const before = isDoubtful && run === undefined ? await behind.until(of) : null;
        if (before !== null) return before;
        passed = await breaker.pass(job.numberId);
        if (passed === HELD) return HELD;
        const { halfOpen, openSince } = passed;
        if (slot !== null && slot < openSince) return 'late';
        const moment = await limiter.pass(job.numberId, {
          count: batch.to.length,
          size: job.size ?? 1,
          slotAt,
          instead,
          onFar: (at) => overdue.waitsUntil(key, { slotAt, at }),
        });
        instead = moment;
        // That may have taken seconds, in which the carrier began to refuse everything.
        if (!breaker.isClosed(passed)) continue;
        if (run === undefined && isStale(moment)) {
          passed.end();
          const meanwhile = await behind.until(of);
          if (meanwhile !== null) return meanwhile;
          continue;
        }
        const claimed = await claims.add({ ...key, sendAt: moment.at, released, run });
        if (claimed === null || claimed === GONE) return 'done';
        if (claimed === LET_GO) return LET_GO;
        if (claimed !== BEHIND && claimed !== STRANDED) {
          const letGo = () => claims.release({ ...key, claim: claimed });
          const sendBy = Math.min(...[...claimed.texts.values()].map((text) => text.sendBy));
          if (!(await turn.isClear(sendBy))) {
            await letGo();
            return LET_GO;
          }
          const next = await limiter.keep(moment).catch(async (error: unknown) => {
            await letGo();
            throw error;
          });
          if (next === null) {
            await sendBatch(job, batch, { claimed: claimed.texts, halfOpen, gapMs: moment.gapMs, onSent: turn.sent });
            return 'sent';
          }
          // Nothing waits claimed: who leaves meanwhile gets nothing.
          await letGo();
          instead = next;
          released = claimed;
        }
        passed.end();
        if (claimed !== BEHIND && claimed !== STRANDED) continue;
        if (run !== undefined) return 'left';
        const after = await behind.until(of, claimed);
        if (after !== null) return after;
      }
    } finally {
      if (passed !== HELD) passed.end();
      turn.end();
    }
  }

  async function sendBatch(job: SendJob, batch: SendBatch, { claimed, halfOpen, gapMs, onSent }: How): Promise<void> {
    const key = batchOf(job, batch);
    const acks = openAckBuffer((outcomes, ends) =>
      recordUntilCommitted(runtime, { outcomes, ends: ends ? [key] : [] }, () => stopping.signal.aborted),
    );
    const counts: Partial<Record<Counted, number>> = {};
    const campaign = ((await runtime.campaignOf(job.numberId)) ?? 'none').replaceAll(':', '_');
    const sent = await Promise.allSettled(
      batch.to.map(async (personId, at) => {
        const text = claimed.get(personId);
        if (text === undefined) return;
        if (at * gapMs > 0) await sleep(at * gapMs);
        const of = { messageId: job.messageId, personId, part: batch.part, attempt: job.attempt };
        if (text.heldUntil !== undefined) return acks.add(heldBack(of, text.heldUntil));
        const verdict = performance.now() > text.sendBy ? TOO_LATE : await toCarrier(text, of);
        const what = `campaign:${campaign}:${verdict.kind}` as const;
        counts[what] = (counts[what] ?? 0) + 1;
        // Before the outcome is recorded, as with a report: where this fails, the try is unknown and comes back.
        if (verdict.kind === 'failed' && verdict.optedOut) await optOut(runtime, { personId, numberId: text.numberId });
        if (verdict.kind === 'failed') sayFailed(text, of, verdict);
        acks.add(outcomeOf(of, verdict, text));
        if (verdict.kind === 'paused' && verdict.only === 'number') await pauseNumber(text, verdict);
        else if (verdict.kind === 'paused' || halfOpen) await breaker.record(job.numberId, verdict, halfOpen);
        if (verdict.kind === 'retry' && verdict.throttled) await holdNumberFor(text, verdict.retryAfterMs ?? HOLD_MS);
      }),
    );
    onSent();
    countEvents(runtime, counts);
    if (runtime.log.isLevelEnabled('debug')) {
      const [text] = claimed.values();
      const ids = { ...requestOf(text), message: job.messageId, batch: batch.id, attempt: job.attempt };
      runtime.log.debug({ ...ids, texts: claimed.size }, 'texts went to the carrier');
    }
    const failed = sent.find((one) => one.status === 'rejected');
    await acks.end(failed === undefined);
    if (failed) throw failed.reason;
  }

  function sayFailed(text: Claimed, of: TryOf, { errorCode, reason }: { errorCode?: number; reason: string }): void {
    const ids = { ...requestOf(text), message: of.messageId, delivery: tryName(of) };
    runtime.log.info({ ...ids, errorCode, reason }, 'the carrier refused a text for good');
  }

  /** Our other numbers go on: this one was taken back, or is not ours to send from any more. */
  async function pauseNumber(text: Claimed, { errorCode, reason }: { errorCode: number; reason: string }) {
    const { numberId } = text;
    runtime.log.error(
      { ...requestOf(text), numberId, errorCode, reason },
      'the carrier refuses all texts from a number: they are kept, the next try is in two minutes',
    );
    await holdNumberFor(text, PAUSE_MS);
  }

  async function holdNumberFor({ numberId }: Claimed, ms: number): Promise<void> {
    const untilMs = Date.now() + ms;
    const carrier = await runtime.carrierOf(numberId);
    await holdNumber(runtime, { carrier, numberId, untilMs }).catch((err) =>
      warnRarely(runtime.log, { err }, 'a number that the carrier throttles could not be held'),
    );
  }

  return {
    async deliver(job) {
      const ends: Promise<Ended>[] = [];
      for (const batch of job.batches) {
        const before = ends.filter((_, at) => isPartBefore(job.batches[at], batch));
        // What becomes of a part becomes of those that follow it.
        const end = Promise.all(before).then((ended) => ended.find((how) => !isOver(how)));
        ends.push(end.then((how) => how ?? deliverBatch(job, batch)));
      }
      // All of them: what is done again must not meet what still runs.
      const settled = await Promise.allSettled(ends);
      const how = settled.map((one) => {
        if (one.status === 'rejected') throw one.reason;
        return one.value;
      });
      const yielding = job.batches.filter((_, at) => how[at] === 'yields');
      if (yielding.length > 0) await runtime.queues.addSends([yieldOf(job, yielding, Date.now())]);
      // Before they are back in line, or they would get the next slots.
      if (how.includes(HELD))
        await holdForNow(runtime, { carrier: await runtime.carrierOf(job.numberId), numberId: job.numberId });
      // What could not be sent in its slot would go out in one burst with all others like it.
      const waiting = job.batches.filter((_, at) => how[at] === 'late' || how[at] === HELD);
      if (waiting.length > 0) await requeue(runtime, { batches: waiting.map((batch) => batchOf(job, batch)) });
      if (how.every(isOver) && how.includes('sent')) await nextBatches.follow(job);
    },
    stop() {
      nextBatches.stop();
      stopping.abort(new Error('the process stops'));
      breaker.stop();
      limiter.stop();
    },
  };
}

/** `stop` lets go of jobs that are held back, so that the process can end. */
export type Delivering = { deliver(send: SendJob): Promise<void>; stop(): void };

function isOver(how: Ended): boolean {
  return how === 'sent' || how === 'done';
}

/** `halfOpen`: it tells whether a pause is over; `gapMs`: between one of a batch and the next; `onSent`: all have gone. */
type How = { claimed: ReadonlyMap<number, Claimed>; halfOpen: boolean; gapMs: number; onSent: () => void };

/** More than a talk has on its way. */
const MANY_AHEAD = 8;
/** By then what no job has is queued once more. */
const OVERDUE_MS = 5_000;
const YIELD_MS = 1_000;

/** The same tries a moment later, behind what waits in the queue now. */
function yieldOf(job: SendJob, batches: readonly SendBatch[], now: number): SendJob {
  const later = batches.map((batch) => ({ ...batch, afterMs: 0 }));
  return { ...job, atMs: now + YIELD_MS, yields: (job.yields ?? 0) + 1, batches: later };
}

const HOLD_MS = 5_000;

/** Claimed by a process that then stood still: by now another may have the next try. */
const TOO_LATE: SendVerdict = { kind: 'retry', throttled: false, retryAfterMs: null, reason: 'claimed too long ago' };
