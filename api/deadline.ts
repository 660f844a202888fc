import { unavailable } from '../engine/platform/errors.ts';
import { withTimeLimit } from '../engine/platform/time-limit.ts';

/**
 * Returns what `work` returns, or throws UNAVAILABLE when it takes longer than a request may. What it was doing may
 * still happen. A server of ours that is frozen must not hold a request for ever: each is answered within 3 s.
 */
export function withinDeadline<T>(work: Promise<T>, ms = DEADLINE_MS): Promise<T> {
  return withTimeLimit(ms, work, refuse);
}

const DEADLINE_MS = 2_800;

function refuse(): never {
  throw unavailable('time');
}
