import { createHash } from 'node:crypto';

/*
 * A trace is named after its request, whose id each message keeps: so every process knows it without being told, however
 * a text got there, and nothing of it travels in jobs.
 */

/** 32 hexadecimal digits: the id itself where it is a UUID or a trace id already. */
export function traceIdOf(requestId: string): string {
  const bare = requestId.replaceAll('-', '').toLowerCase();
  return isTraceId(bare) ? bare : hashOf(requestId).slice(0, 32);
}

/** The span of the webhook or call, from which the others begin. */
export function rootIdOf(requestId: string): string {
  return hashOf(`${requestId} root`).slice(0, 16);
}

/** The span of the fan-out of a message. */
export function fanOutIdOf(requestId: string, messageId: number): string {
  return hashOf(`${requestId} ${messageId}`).slice(0, 16);
}

/** What a caller's `traceparent` says; null where it says nothing valid. Source: www.w3.org/TR/trace-context */
export function readTraceParent(header: string | string[] | undefined): { traceId: string; spanId: string } | null {
  const written = typeof header === 'string' ? header : '';
  const [, traceId = '', spanId = ''] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/.exec(written) ?? [];
  return isTraceId(traceId) && spanId !== NO_SPAN ? { traceId, spanId } : null;
}

/** By the last digits, as ratio samplers do: all processes decide alike. */
export function isSampled(traceId: string, ratio: number): boolean {
  return ratio >= 1 || Number.parseInt(traceId.slice(-8), 16) < ratio * 2 ** 32;
}

function isTraceId(id: string): boolean {
  return /^[0-9a-f]{32}$/.test(id) && !/^0+$/.test(id);
}
const NO_SPAN = '0'.repeat(16);

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
