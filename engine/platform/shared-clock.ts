import { readClock } from '../../db/clock.ts';
import type { Runtime } from './runtime.ts';

/**
 * Keeps this process on MySQL's clock, which all processes share, while that of its machine is wrong by more than a second: looked
 * at whenever somebody asks for the time, so that no moment of a clock that somebody sets is written down. `Date` itself is
 * corrected, because Bull's delays and every library go by it: moments that one process writes down are waited for by others. A
 * clock that is right is what it says. For `runtime.use`; `ready` is when it was first compared.
 */
export function openSharedClock(runtime: Pick<Runtime, 'db' | 'log'>): SharedClock {
  return followClock(runtime);
}
export type SharedClock = { ready: Promise<void>; close(): void };

/** The same, compared as often as it says. */
export function followClock(
  { db, log }: Pick<Runtime, 'db' | 'log'>,
  { askEveryMs, lookEveryMs } = { askEveryMs: 10_000, lookEveryMs: 500 },
): SharedClock {
  const Own = globalThis.Date;
  let shared: Shared | null = null;
  let isCorrected = false;
  let asked = Number.NEGATIVE_INFINITY;
  let closed = false;
  /** Timers and `performance` go on at their pace when somebody sets a clock. */
  const sharedNow = ({ atMs, at }: Shared) => atMs + performance.now() - at;

  function now(): number {
    const ownMs = Own.now();
    if (shared === null) return ownMs;
    const sharedMs = sharedNow(shared);
    return isCorrected || Math.abs(ownMs - sharedMs) > WRONG_MS ? Math.round(sharedMs) : ownMs;
  }

  /** Says what has changed. */
  function look(): void {
    if (shared === null || closed) return;
    const aheadMs = Math.round(Own.now() - sharedNow(shared));
    if (!isCorrected && Math.abs(aheadMs) > WRONG_MS) {
      isCorrected = true;
      log.error({ aheadMs }, 'the clock of this machine is wrong; the process goes by that of MySQL');
    } else if (isCorrected && Math.abs(aheadMs) < WRONG_MS / 2) {
      isCorrected = false;
      log.info({ aheadMs }, 'the clock of this machine is right again');
    }
  }

  /** Returns whether MySQL answered. */
  async function ask(): Promise<boolean> {
    asked = performance.now();
    const answer = await readClock(db).catch(() => null);
    const tookMs = performance.now() - asked;
    // What took long says little of the moment that it was asked for.
    if (answer !== null && tookMs < SLOW_MS) shared = { atMs: answer.getTime(), at: asked + tookMs / 2 };
    if (globalThis.Date === Own && !closed) globalThis.Date = correctedBy(Own, now);
    look();
    return answer !== null;
  }

  /** A machine is busiest when its processes start: one slow answer would leave them on a wrong clock until the next. */
  async function askFirst(): Promise<void> {
    for (let times = 0; times < ASKED_FIRST && shared === null; times++) if (!(await ask())) return;
  }

  const ready = askFirst();
  const timer = setInterval(() => {
    if (performance.now() - asked > askEveryMs) void ask();
    else look();
  }, lookEveryMs);
  timer.unref();
  return {
    ready,
    close() {
      closed = true;
      clearInterval(timer);
      globalThis.Date = Own;
    },
  };
}

/** `atMs`: by MySQL's clock, at that moment on performance.now(). */
type Shared = { atMs: number; at: number };

const WRONG_MS = 1_000;
const SLOW_MS = 400;
const ASKED_FIRST = 5;

function correctedBy(Own: DateConstructor, now: () => number): DateConstructor {
  return new Proxy(Own, {
    construct: (target, parts, newTarget) => Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget),
    apply: () => new Own(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
