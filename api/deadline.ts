import { unavailable } from '../engine/platform/errors.ts';

/**
 * The answer of `work`, or UNAVAILABLE when it takes longer than a request may. What it was doing may still happen.
 * A server of ours that is frozen must not hold a request for ever: each answers within 3 s.
 */
export async function withinDeadline<T>(work: Promise<T>, ms = DEADLINE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable('time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const DEADLINE_MS = 2_800;
