import { createHash } from 'node:crypto';
import { DoneBefore } from '../../db/done-calls.ts';
import { findCall } from '../../db/old-calls.ts';
import { currentRequests } from '../../db/request.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { CallKey } from './act.ts';

/** What a repeat of a call is answered. */
export type CallAnswer = { refresh: boolean; reply: string | null };

/** The name of a call for a day: a member's own, so that nobody meets another's. */
export function callKey({ personId, key, body }: { personId: number; key: string; body: unknown }): CallKey {
  const token = hash(JSON.stringify(['send', personId, key])).subarray(0, TOKEN_BYTES);
  return { token, body: hash(JSON.stringify(body)).toString('base64') };
}

/**
 * Does the work once in a day for a key: who comes again, or at the same time, gets the answer of the first. Throws BAD_REQUEST
 * with `idempotency_key` where the same key stood for something else. Work that fails leaves the key free.
 */
export async function onceForKey(runtime: Runtime, key: CallKey, work: () => Promise<CallAnswer>): Promise<CallAnswer> {
  const before = await answerOf(runtime, key);
  if (before !== null) return before;
  try {
    return await work();
  } catch (error) {
    const first = error instanceof DoneBefore ? await answerOf(runtime, key) : null;
    if (first === null) throw error;
    return first;
  }
}

/** Keeps the name and the answer with the commit of the running transaction. */
export function nameCall({ token, body }: CallKey, { refresh, reply }: CallAnswer): void {
  for (const request of currentRequests())
    request.nameNext({ token, answer: JSON.stringify({ body, refresh, reply }) });
}

const TOKEN_BYTES = 16;

async function answerOf(runtime: Runtime, { token, body }: CallKey): Promise<CallAnswer | null> {
  const found = await findCall(runtime.db, token);
  if (found === undefined) return null;
  const kept = JSON.parse(found) as { body: string; refresh: boolean; reply?: string | null };
  if (kept.body !== body) throw new DomainError('BAD_REQUEST', { subtype: 'idempotency_key' });
  return { refresh: kept.refresh, reply: kept.reply ?? null };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
