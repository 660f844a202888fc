import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { onOneConnection, transact } from '../../db/connect.ts';
import { endSender, findGoneSenders, holdSender, isKnownSender, noteSender } from '../../db/deliveries/senders.ts';
import { releaseHooksOf } from '../../db/hooks/hooks.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';

/** The name under which a process claims texts or leases webhooks, and the next such claim, which no other has the name of. */
export type SenderLock = { name: string; nextClaim(): string; close(): Promise<void> };

/**
 * For `runtime.use`. Holds a named lock of MySQL, on a connection of its own, for as long as the process lives: when it is
 * killed, its connection ends and the lock is free, so what it had claimed need not wait until a claim ends by its time. A
 * sender without its lock works on: what is taken for unknown meanwhile gets its outcome all the same.
 */
export function openSenderLock(runtime: Runtime): SenderLock {
  // Process ids are no names: in containers, many processes have the same.
  const name = randomBytes(9).toString('base64url');
  const stopping = new AbortController();
  const { signal } = stopping;

  async function hold(): Promise<void> {
    await onOneConnection(runtime.db, async (own) => {
      while (!signal.aborted) {
        // Looked at first: while commits stand still, a write would cost it the connection, and the lock.
        if ((await holdSender(own, name)) && !(await isKnownSender(own, name)))
          await noteSender(own, { name, now: new Date() });
        await pause(LOOK_EVERY_MS);
      }
    });
  }
  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }
  async function keepOn(): Promise<void> {
    while (!signal.aborted) {
      await hold().catch((err) => warnRarely(runtime.log, { err }, 'a sender has no lock of its name for now'));
      await pause(AGAIN_MS);
    }
  }

  const holding = keepOn();
  let claims = 0;
  return {
    name,
    nextClaim: () => `${name}-${++claims}`,
    async close() {
      stopping.abort();
      await holding;
    },
  };
}
const LOOK_EVERY_MS = 2_000;
const AGAIN_MS = 200;

/**
 * Makes what gone senders had claimed due: it is unknown from now on, and waits for its report. What they had of webhooks is
 * anybody’s. A sender whose connection broke has its lock again in a moment, so one look is not enough. Returns how many batches.
 */
export async function reapGoneSenders(runtime: Runtime): Promise<number> {
  const { db, log } = runtime;
  const missing = runtime.use(openMissing);
  const found = await findGoneSenders(db).catch((error: unknown) => {
    missing.clear();
    throw error;
  });
  const now = performance.now();
  for (const sender of missing.keys()) if (!found.includes(sender)) missing.delete(sender);
  for (const sender of found) if (!missing.has(sender)) missing.set(sender, now);
  let batches = 0;
  for (const sender of found.filter((one) => now - (missing.get(one) ?? now) >= GONE_MS)) {
    const claimed = await transact(db, async (tx) => {
      await releaseHooksOf(tx, sender);
      return endSender(tx, sender);
    });
    missing.delete(sender);
    batches += claimed;
    if (claimed > 0)
      log.warn({ sender, batches: claimed }, 'a sender is gone: what it had claimed waits for its report');
  }
  return batches;
}
/** A sender that lives needs `AGAIN_MS` and a connection. */
const GONE_MS = 2_500;

/** Since when, on performance.now(), the lock of a sender was seen to be free at every look. */
function openMissing(): Map<string, number> {
  return new Map();
}
