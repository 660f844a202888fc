import { type Dispatcher, Pool } from 'undici';
import type { OutboundText, SendVerdict } from './carrier.ts';

/**
 * The way out to a carrier's HTTP API: pooled connections that are kept open, one request on each at a time, nothing
 * ever sent twice by itself. `send` promises a verdict within `timeoutMs`; `close` lets requests under way finish.
 */
export function openSending(endpoint: Endpoint): {
  send(text: OutboundText): Promise<SendVerdict>;
  close(): Promise<void>;
} {
  const { url, authorization, timeoutMs, connections = 100, bodyOf, verdictOf } = endpoint;
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    connect: { timeout: timeoutMs },
    // One timer of ours counts from the call to the last byte of the answer, so undici's two are off.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A server closes idle connections; a request that meets this is lost, and whether it was read cannot be known.
    // Leaving first makes it rare. Where the server says how long it waits, undici leaves 2 s earlier.
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 30_000,
  });
  const request = {
    method: 'POST',
    path: pathname,
    headers: {
      authorization,
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'group-texting',
    },
  } as const;
  let closing: Promise<void> | undefined;

  return {
    send: (text) =>
      new Promise((resolve) => {
        pool.dispatch({ ...request, body: bodyOf(text) }, new Attempt(timeoutMs, verdictOf, resolve));
      }),
    close: () => {
      closing ??= pool.close();
      return closing;
    },
  };
}

export type Endpoint = {
  /** Where texts are posted to. */
  url: string;
  authorization: string;
  /** From the call to the end of the answer. */
  timeoutMs: number;
  /** How many requests may be under way at once; more wait for their turn, inside the same `timeoutMs`. */
  connections?: number;
  bodyOf(text: OutboundText): string;
  verdictOf: VerdictOf;
};

export type VerdictOf = (response: {
  status: number;
  body: string;
  retryAfter: string | string[] | undefined;
}) => SendVerdict;

/** More of an answer than this is not read: a real one has some 150 bytes. */
const ANSWER_LIMIT = 64 * 1024;

/**
 * One request. Whether a failure is certain hangs on one thing only: had the request been handed to a connected
 * socket? undici says so by `onRequestStart`, right before it writes the first byte. Before that (refused, DNS, TLS,
 * connect time-out, no free connection in time) nothing can have arrived: retry. After it, whatever breaks leaves it
 * unknown, and error codes could not tell: ECONNRESET comes from a TLS handshake and from a lost answer alike. A
 * connection that the server closed while it was idle counts as unknown too. Once a status line other than 2xx is
 * here, the carrier has refused, and losing the rest of that answer changes nothing.
 */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #verdictOf: VerdictOf;
  #settle: ((verdict: SendVerdict) => void) | null;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #retryAfter: string | string[] | undefined;
  #body = '';

  constructor(timeoutMs: number, verdictOf: VerdictOf, settle: (verdict: SendVerdict) => void) {
    this.#verdictOf = verdictOf;
    this.#settle = settle;
    // A process that stood still finds its time over before it reads an answer that has come meanwhile: that is looked at first.
    this.#timer = setTimeout(() => setImmediate(() => this.#end('timed out', true)), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Its time was over while it waited for a connection: stopped here, it is never written.
    if (this.#settle === null) controller.abort(new Error('timed out before it was sent'));
    else this.#controller = controller;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ) {
    if (status < 200) return;
    this.#status = status;
    this.#retryAfter = headers['retry-after'];
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body += chunk.toString('latin1');
    if (this.#body.length > ANSWER_LIMIT) this.#end('answered too much', true);
  }

  onResponseEnd(): void {
    this.#end(null, false);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error & { code?: string }): void {
    this.#end(error.code ?? error.name, false);
  }

  /** `problem` is null when the answer is complete. `abort` also gives the connection up. */
  #end(problem: string | null, abort: boolean): void {
    const settle = this.#settle;
    if (settle === null) return;
    this.#settle = null;
    clearTimeout(this.#timer);
    if (this.#controller === null)
      settle({ kind: 'retry', throttled: false, retryAfterMs: null, reason: `not sent: ${problem}` });
    else if (this.#status === 0 || (this.#status < 300 && problem !== null))
      settle({ kind: 'unknown', reason: `sent, then: ${problem}` });
    else {
      const body = Buffer.from(this.#body, 'latin1').toString();
      settle(this.#verdictOf({ status: this.#status, body, retryAfter: this.#retryAfter }));
    }
    if (abort) this.#controller?.abort(new Error(problem ?? 'aborted'));
  }
}

/** A carrier's name of a text: a UUID today. At most 64 visible ASCII characters, which is what the database holds. */
export function isCarrierId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value);
}

/** The JSON object in an answer; an empty one where there is none: a proxy's HTML page, or nothing at all. */
export function objectIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** The carrier's words, fit for a log: one line, at most 200 characters, and nothing that could be a phone number. */
export function reasonIn(error: unknown): string {
  const words = typeof error === 'string' ? error : JSON.stringify(error ?? '').replace(/^""$/, '');
  const line = words.replace(/[\p{C}\s]+/gu, ' ').replace(/\+?\d(?:[ ().-]*\d){6,}/g, '(number)');
  return Array.from(line.trim()).slice(0, 195).join('');
}

/** `Retry-After` in milliseconds: seconds, or an HTTP date; at most a day. Null when there is none to be read. */
export function waitIn(retryAfter: string | string[] | undefined, now: number): number | null {
  const [text = ''] = [retryAfter ?? ''].flat();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : / GMT$/.test(text) ? Date.parse(text) - now : Number.NaN;
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), 24 * 3_600_000);
}

/**
 * What a refusal is about where the carrier has no code for it: the account may not send now, it may not send from this
 * number ("This caller ID is not allowed for outbound message"), or it may not send to this country. Everything else is
 * about the text.
 */
export function subjectOf(status: number, words: string): 'account' | 'number' | 'text' {
  if (/credit|disabled|suspended|outbound/i.test(words))
    return /\b(?:caller.?id|src|source.?number)\b/i.test(words) ? 'number' : 'account';
  if (status === 403 && /\bgeo|countr/i.test(words)) return 'text';
  return [401, 402, 403, 404, 405].includes(status) ? 'account' : 'text';
}

/** Dollars as a carrier writes them (`0.00770`) in hundredths of a penny; null for what is none, or beyond all sense. */
export function hundredthsOfAPenny(dollars: string): number | null {
  const written = dollars.trim();
  return /^\d{1,4}(?:\.\d{1,10})?$/.test(written) ? Math.round(Number(written) * 10_000) : null;
}
