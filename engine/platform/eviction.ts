import type { Redis } from 'ioredis';
import { BadConfig } from './config.ts';
import { isErrorReply, mastersOf } from './redis.ts';
import type { Runtime } from './runtime.ts';

/**
 * With an eviction policy Redis throws jobs away in silence, so workers do not start on one, nor on one that does not say:
 * throws `BadConfig`. Asked once, of every master; a Redis that is unavailable is asked by nobody, and work waits for it.
 */
export async function refuseEviction({ redis, config }: Pick<Runtime, 'redis' | 'config'>): Promise<void> {
  for (const node of mastersOf(redis)) {
    const policy = await policyOf(node);
    if (policy === REFUSED && !config.REDIS_POLICY_UNKNOWN)
      throw new BadConfig([
        'REDIS_URL names a Redis that lets its user ask neither INFO nor CONFIG GET for maxmemory-policy; see that it is noeviction, then set REDIS_POLICY_UNKNOWN=1',
      ]);
    if (policy !== REFUSED && policy !== null && policy !== 'noeviction')
      throw new BadConfig([`REDIS_URL names a Redis with maxmemory-policy ${policy}; it must be noeviction`]);
  }
}

const REFUSED = Symbol('it does not say');

/** Null where nobody answers. Rented accounts may ask one of the two, or neither. */
async function policyOf(node: Redis): Promise<string | typeof REFUSED | null> {
  try {
    const info = await refusedAs('', node.info('memory'));
    const told = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
    if (told !== undefined) return told;
    const reply: unknown = await refusedAs(null, node.config('GET', 'maxmemory-policy'));
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : REFUSED;
  } catch {
    return null;
  }
}

/** What Redis answers; `otherwise` where it answers that this may not be asked. */
async function refusedAs<T, U>(otherwise: U, answer: Promise<T>): Promise<T | U> {
  return answer.catch((error: unknown) => {
    if (isErrorReply(error)) return otherwise;
    throw error;
  });
}
