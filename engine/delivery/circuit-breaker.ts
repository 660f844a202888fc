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
   * Returns when sending through this number may go on. HELD where an operator holds the number: others go on, so nobody
   * waits here for its end. `end` of what passed is to be called when it has been sent, or waits or ends without that.
   */
  pass(numberId: number): Promise<Passed | typeof HELD>;
  /** Nothing was known that holds the number when this process looked last: who passed and then waited asks again. */
  isClosed(passed: Passed): boolean;
  record(numberId: number, verdict: SendVerdict, halfOpen: boolean): Promise<void>;
  stop(): void;
};

/**
 * `halfOpen`: the time of a pause of its carrier has come, and this text tells whether it is over: nothing else goes out from
 * this process until it has. `openSince`: slots before that could not be used.
 */
export type Passed = { numberId: number; halfOpen: boolean; openSince: number; state: State; end(): void };
export const HELD = 'held';

/** Holds the jobs of a carrier while it refuses everything; one text after that tells whether it still does. */
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
      probe: null,
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
        const passed = { numberId, state, openSince, halfOpen: waitMs === 0, end: () => leave(passed) };
        if (waitMs === null) return passed;
        if (waitMs === 0 && state.probe === null) {
          state.probe = passed;
          return passed;
        }
        // Rejects when the process stops: the job goes back to its queue.
        await sleep(waitMs === 0 ? PROBE_MS : Math.min(waitMs, LOOK_MS), undefined, { signal: stopping.signal });
        state.openSince = Date.now();
      }
    },
    isClosed: ({ numberId, state, halfOpen }) =>
      !state.held.has(numberId) && (state.waitMs === null || (halfOpen && state.waitMs === 0)),
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

function leave(passed: Passed): void {
  if (passed.state.probe === passed) passed.state.probe = null;
}

/** What is known of the pause of one carrier; `lookedAt` is on a clock that nobody sets; `probe`: who is to tell whether it is over. */
type State = {
  lookedAt: number;
  waitMs: number | null;
  held: ReadonlySet<number>;
  openSince: number;
  probe: Passed | null;
};
const NONE: ReadonlySet<number> = new Set();

const LOOK_MS = 1_000;
/** How often those who wait for the word of another look whether it is there. */
const PROBE_MS = 100;
