import { unavailable } from './errors.ts';

/**
 * Decides and does, and does both again while what was decided on had changed by the time it was to be done. Each try
 * reads what is newer, so more than two are rare. After `TRIES` it ends with what `giveUp` returns; that throws
 * UNAVAILABLE unless the caller has something better.
 */
export async function decideAgain<T>(attempt: () => Promise<T | 'stale'>, giveUp: () => T = refuse): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const done: T | 'stale' = await attempt();
    if (done !== 'stale') return done;
  }
  return giveUp();
}

const TRIES = 20;

function refuse(): never {
  throw unavailable('time');
}
