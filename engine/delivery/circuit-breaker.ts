import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SendVerdict } from '../carriers/carrier.ts';
import type { Runtime } from '../platform/runtime.ts';
import { singleFlight } from '../platform/single-flight.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { PAUSE_MS } from '../rules/status.ts';
import { pauseCarrier, resumeCarrier, whatHolds } from './pause.ts';

export type CircuitBreaker = {
  /**
   * Returns when sending through this number may go on. `halfOpen`: a pause of its carrier is known and its time has
   * come, so what the carrier says to this text tells whether it is over. `openSince`: slots before that could not be
   * used. HELD where an operator holds the number: others go on, so nobody waits here for its end.
   */
  pass(numberId: number): Promise<{ halfOpen: boolean; openSince: number } | typeof HELD>;
  record(numberId: number, verdict: SendVerdict, halfOpen: boolean): Promise<void>;
  stop(): void;
};

export const HELD = 'held';

/** Holds the jobs of a carrier while it refuses everything; the first texts after that tell whether it still does. */
export function openCircuitBreaker(runtime: Runtime): CircuitBreaker {
  const stopping = new AbortController();
  // Each job that is held listens.
  setMaxListeners(0, stopping.signal);
  const states = new Map<CarrierName, State>();
  const openedAt = Date.now();

  async function stateOf(numberId: number): Promise<{ carrier: CarrierName; state: State }> {
    const carrier = await runtime.carrierOf(numberId);
    const state = states.get(carrier) ?? {
      lookedAt: Number.NEGATIVE_INFINITY,
      waitMs: null,
      held: NONE,
      openSince: openedAt,
    };
    states.set(carrier, state);
    return { carrier, state };
  }

  /** All who ask wait for the one answer: nothing passes before it is known whether anything may. */
  const look = singleFlight(
    async (carrier: CarrierName, state: State) => {
      const askedAt = performance.now();
      const { waitMs, numberIds } = await whatHolds(runtime, carrier);
      state.held = numberIds;
      // A pause that began meanwhile is newer than this answer.
      if (state.lookedAt > askedAt) return;
      state.lookedAt = askedAt;
      state.waitMs = waitMs;
    },
    (carrier) => carrier,
  );

  return {
    async pass(numberId) {
      const { carrier, state } = await stateOf(numberId);
      for (;;) {
        if (performance.now() - state.lookedAt > LOOK_MS) await look(carrier, state);
        const { waitMs, held, openSince } = state;
        if (held.has(numberId)) return HELD;
        if (waitMs === null || waitMs === 0) return { halfOpen: waitMs === 0, openSince };
        // Rejects when the process stops: the job goes back to its queue.
        await sleep(Math.min(waitMs, LOOK_MS), undefined, { signal: stopping.signal });
        state.openSince = Date.now();
      }
    },
    async record(numberId, verdict, halfOpen) {
      if (verdict.kind !== 'paused' && !halfOpen) return;
      const { carrier, state } = await stateOf(numberId);
      if (verdict.kind === 'paused') {
        // At once, so that nothing slips through while the row is written.
        state.lookedAt = performance.now();
        state.waitMs = PAUSE_MS;
        await pauseCarrier(runtime, carrier, verdict.errorCode);
      }
      // What was on its way when the pause began says nothing of now.
      if (verdict.kind === 'accepted' && halfOpen && state.waitMs !== null) {
        state.waitMs = null;
        await resumeCarrier(runtime, carrier);
      }
    },
    stop: () => stopping.abort(new Error('the process stops')),
  };
}

/** What is known of the pause of one carrier; `lookedAt` is on a clock that nobody sets. */
type State = { lookedAt: number; waitMs: number | null; held: ReadonlySet<number>; openSince: number };
const NONE: ReadonlySet<number> = new Set();

const LOOK_MS = 1_000;
