import { createHash } from 'node:crypto';
import { DoneBefore } from '../../db/done-calls.ts';
import { findCall } from '../../db/old-calls.ts';
import { currentRequests } from '../../db/request.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { CallKey } from './act.ts';

/** `by`: the id of who calls, or the phone of one who has no session. `body`: what tells two calls of a name apart. */
type NamedCall = {
  call: 'send' | 'schedule' | 'create' | 'add';
  by: number | string;
  key: string | undefined;
  body: unknown;
};

/**
 * Does the work once in a day for a key, or each time where there is none: a call that comes again, or at the same time, gets the
 * answer of the first, which the work keeps by `nameCall` in its transaction. Throws BAD_REQUEST with `idempotency_key` where the same key stood for
 * something else. Work that fails leaves the key free.
 */
export async function onceForKey<A extends object>(
  runtime: Runtime,
  { key, ...named }: NamedCall,
  work: (call?: CallKey) => Promise<A>,
): Promise<A> {
  if (key === undefined) return work();
  const call = callKey({ ...named, key });
  const before = await answerOf<A>(runtime, call);
  if (before !== null) return before;
  try {
    return await work(call);
  } catch (error) {
    // What the first has done may refuse the second before its name does: the member is there already.
    const isTold = error instanceof DoneBefore || error instanceof DomainError;
    const first = isTold ? await answerOf<A>(runtime, call) : null;
    if (first === null) throw error;
    return first;
  }
}

/** Keeps the name and the answer with the commit of the running transaction. */
export function nameCall({ token, body }: CallKey, answer: object): void {
  for (const request of currentRequests()) request.nameNext({ token, answer: JSON.stringify({ ...answer, body }) });
}

/** The name of a call for a day: of one kind of call and its caller's own, so that nobody meets another's. */
function callKey({ call, by, key, body }: NamedCall & { key: string }): CallKey {
  const token = hash(JSON.stringify([call, by, key])).subarray(0, TOKEN_BYTES);
  return { token, body: hash(JSON.stringify(body)).toString('base64') };
}

const TOKEN_BYTES = 16;

async function answerOf<A extends object>(runtime: Runtime, { token, body }: CallKey): Promise<A | null> {
  const found = await findCall(runtime.db, token);
  if (found === undefined) return null;
  const { body: first, ...answer } = JSON.parse(found) as { body: string };
  if (first !== body) throw new DomainError('BAD_REQUEST', { subtype: 'idempotency_key' });
  return answer as A;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
