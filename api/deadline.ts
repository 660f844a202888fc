import { KNOWN_WITHIN_MS } from '../db/done-calls.ts';
import { OutcomeUnknown } from '../db/errors.ts';
import { inRequest, openRequest } from '../db/request.ts';
import { unavailable } from '../engine/platform/errors.ts';
import { withTimeLimit } from '../engine/platform/time-limit.ts';

/**
 * Returns what `work` returns, or throws UNAVAILABLE when it takes longer than a request may. What it was doing may
 * still happen, so it has to be safe to ask for again. A server of ours that is frozen must not hold a request for ever:
 * each is answered within 3 s.
 */
export function withinDeadline<T>(work: Promise<T>, ms = DEADLINE_MS): Promise<T> {
  return withTimeLimit(ms, work, refuse);
}

/**
 * The same of a call that may change something: after UNAVAILABLE nothing of it has happened or will. Only a call that is
 * being committed when its time is over is answered later: as soon as it is known what became of it.
 */
export async function wholeOrNothing<T>(work: () => Promise<T>, ms = DEADLINE_MS): Promise<T> {
  const request = openRequest(ms);
  const whole = inRequest(request, work);
  const inTime = await withTimeLimit(
    ms,
    whole.then((answer) => ({ answer })),
    () => null,
  );
  if (inTime !== null) {
    request.answered();
    return inTime.answer;
  }
  if (request.giveUp()) refuse();
  return withTimeLimit(KNOWN_WITHIN_MS + DEADLINE_MS, whole, () => {
    throw new OutcomeUnknown('a call was committed, perhaps, and has no answer');
  });
}

const DEADLINE_MS = 2_800;

function refuse(): never {
  throw unavailable('time');
}
