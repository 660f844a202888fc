import { transact } from '../../../db/connect.ts';
import { type DueEvent, findDueEvents, recordTry, type Try } from '../../../db/hooks/hook-events.ts';
import {
  clearFails,
  countFail,
  type Lease,
  type LeasedHook,
  leaseHook,
  releaseHook,
  turnHookOff,
} from '../../../db/hooks/hooks.ts';
import { openSenderLock } from '../../delivery/sender-lock.ts';
import { openGuardedPost } from '../../platform/guarded-post.ts';
import { unseal } from '../../platform/keyed-hash.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { restAfterMs, retryAfterMs, TRIED_FOR_MS } from '../../rules/hooks.ts';
import { fillHook } from './fill.ts';
import { signHook } from './signature.ts';

/**
 * Brings a hook what has happened for it: reads on, and posts what is due, the events of a group one after the other. One
 * worker at a time has a hook; what it could not finish in some seconds the next job does.
 */
export async function workHook(runtime: Runtime, hookId: number): Promise<void> {
  const lease: Lease = { id: hookId, lease: runtime.use(openSenderLock).nextClaim() };
  const hook = await leaseHook(runtime.db, { ...lease, seconds: LEASE_SECONDS });
  if (hook === undefined) return;
  try {
    const secrets = [hook.secret, hook.oldSecret].flatMap((sealed) => openSecret(runtime, sealed));
    if (secrets.length === 0) return await turnHookOff(runtime.db, { id: hookId, why: 'secret' });
    await fillHook(runtime, hook, lease);
    const work = { hook, lease, secrets, until: performance.now() + WORK_MS };
    while (performance.now() < work.until) {
      const due = await findDueEvents(runtime.db, { hookId, limit: STREAMS_AT_ONCE });
      const ends = await Promise.all(due.map((event) => postStream(runtime, work, event)));
      if (due.length === 0 || ends.includes('rest')) return;
    }
  } finally {
    await releaseHook(runtime.db, lease);
  }
}

/** Longer than all that one job does; that of a worker which is gone ends at once. */
const LEASE_SECONDS = 60;
const WORK_MS = 5_000;
const STREAMS_AT_ONCE = 4;
const TIMEOUT_MS = 10_000;

type Work = { hook: LeasedHook; lease: Lease; secrets: readonly string[]; until: number };

/** Posts one event after the other of a group, until one fails, time is over or there is no other. */
async function postStream(runtime: Runtime, work: Work, first: DueEvent): Promise<'done' | 'rest'> {
  const { hook, lease } = work;
  for (let event: DueEvent | undefined = first; event !== undefined; ) {
    const one: DueEvent = event;
    const posted = await post(runtime, work, one);
    const result = resultOf(one, posted);
    event = await transact(runtime.db, (tx) => recordTry(tx, lease, { ...one, ...result }));
    if (result.state === 'sent') {
      if (hook.fails > 0) await clearFails(runtime.db, hook.id);
      hook.fails = 0;
    } else {
      hook.fails += 1;
      const restMs = restAfterMs(hook.fails);
      await countFail(runtime.db, { id: hook.id, restMs });
      if (posted.http === GONE) await turnHookOff(runtime.db, { id: hook.id, why: 'gone' });
      if (restMs > 0 || posted.http === GONE) return 'rest';
    }
    if (performance.now() > work.until) return 'done';
  }
  return 'done';
}

/** By Standard Webhooks: the receiver wants no more of them. */
const GONE = 410;

async function post(runtime: Runtime, { hook, secrets }: Work, { name, body }: DueEvent): Promise<Posted> {
  const start = performance.now();
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'group-texting',
    ...signHook(secrets, { name, at: new Date(), body }),
  };
  const asked = runtime.use(openGuardedPost).post(hook.url, { headers, body, timeoutMs: TIMEOUT_MS });
  const answer = await asked.then(
    (http) => ({ http, error: null }),
    (error: NodeJS.ErrnoException) => ({ http: null, error: (error.code ?? error.name).slice(0, 60) }),
  );
  return { ...answer, ms: Math.round(performance.now() - start) };
}

type Posted = Pick<Try, 'http' | 'error' | 'ms'>;

function resultOf({ tries, createdAt }: DueEvent, posted: Posted): Try {
  if (posted.http !== null && posted.http >= 200 && posted.http < 300) return { ...posted, state: 'sent', dueAt: null };
  const now = Date.now();
  if (now - createdAt.getTime() > TRIED_FOR_MS) return { ...posted, state: 'dead', dueAt: null };
  return { ...posted, state: 'waiting', dueAt: new Date(now + retryAfterMs(tries + 1, Math.random())) };
}

/** Nothing where it was sealed under another APP_SECRET. */
function openSecret({ config }: Runtime, sealed: Buffer | null): string[] {
  const secret = sealed === null ? null : unseal(config.APP_SECRET, sealed);
  return secret === null ? [] : [secret];
}
