import { type Dispatcher, Pool } from 'undici';
import type { Carrier, OutboundText, SendVerdict } from './carrier.ts';

/**
 * The way out to Plivo: pooled connections that are kept open, one request on each at a time, nothing ever sent twice
 * by itself. `send` promises a verdict within `timeoutMs`; `close` lets requests under way finish.
 *
 *     POST /v1/Account/MAXXXX/Message/
 *     {"src":"+14445556666","dst":"+14447778888","text":"Hi","url":"https://us.example/plivo/status?d=1-2-1",
 *      "method":"POST"}                            an MMS has "type":"mms","media_urls":["https://..."] as well
 *     202 {"api_id":"db34...","message":"message(s) queued","message_uuid":["db3ce55a-7f1d-11e1-8ea7-1231380bc196"]}
 *     400 {"api_id":"97ce...","error":"src parameter not present"}
 */
export function openPlivoSending(settings: SendSettings): Pick<Carrier, 'send' | 'close'> {
  const { authId, authToken, apiUrl, timeoutMs, connections = 100 } = settings;
  const { origin, pathname } = new URL(apiUrl);
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
    path: `${pathname.replace(/\/+$/, '')}/v1/Account/${encodeURIComponent(authId)}/Message/`,
    headers: {
      authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`,
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'group-texting',
    },
  } as const;
  let closing: Promise<void> | undefined;

  return {
    send: (text) =>
      new Promise((resolve) => {
        pool.dispatch({ ...request, body: requestBody(text) }, new Attempt(timeoutMs, resolve));
      }),
    close: () => {
      closing ??= pool.close();
      return closing;
    },
  };
}

export type SendSettings = {
  authId: string;
  authToken: string;
  apiUrl: string;
  /** From the call to the end of the answer. */
  timeoutMs: number;
  /** How many requests may be under way at once; more wait for their turn, inside the same `timeoutMs`. */
  connections?: number;
};

/** What the SDK's `messages.create(from, to, text, {url, method, type, media_urls})` posts, key by key. */
function requestBody({ from, to, text, media, reportUrl }: OutboundText): string {
  const mms = media.length > 0 ? { type: 'mms', media_urls: media } : {};
  return JSON.stringify({ url: reportUrl, method: 'POST', ...mms, src: from, dst: to, text });
}

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
  #settle: ((verdict: SendVerdict) => void) | null;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #retryAfter: string | string[] | undefined;
  #body = '';

  constructor(timeoutMs: number, settle: (verdict: SendVerdict) => void) {
    this.#settle = settle;
    this.#timer = setTimeout(() => this.#end('timed out', true), timeoutMs);
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
    else settle(verdictOf(this.#status, Buffer.from(this.#body, 'latin1').toString(), this.#retryAfter));
    if (abort) this.#controller?.abort(new Error(problem ?? 'aborted'));
  }
}

/** What an answer means. */
export function verdictOf(status: number, body: string, retryAfter: string | string[] | undefined): SendVerdict {
  const answer = objectIn(body);
  if (status >= 200 && status < 300) {
    const carrierId = [answer.message_uuid].flat()[0];
    if (isCarrierId(carrierId)) return { kind: 'accepted', carrierId };
    return { kind: 'unknown', reason: `${status} without a message_uuid` };
  }
  const reason = `${status} ${reasonIn(answer.error)}`.trim();
  if (status === 402) return { kind: 'paused', errorCode: 900, reason };
  if (status >= 400 && status < 500 && status !== 429) return { kind: 'failed', reason };
  // A redirect (PLIVO_API_URL is wrong) has taken nothing either, and an operator can mend it.
  return { kind: 'retry', throttled: status === 429, retryAfterMs: waitIn(retryAfter, Date.now()), reason };
}

/** Plivo's name of a text: a UUID today. At most 64 visible ASCII characters, which is what the database holds. */
export function isCarrierId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value);
}

function objectIn(body: string): { message_uuid?: unknown; error?: unknown } {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {}; // a proxy's HTML page, or nothing at all
  }
}

/** The carrier's words, fit for a log: one line, at most 200 characters, and nothing that could be a phone number. */
function reasonIn(error: unknown): string {
  const words = typeof error === 'string' ? error : JSON.stringify(error ?? '').replace(/^""$/, '');
  const line = words.replace(/[\p{C}\s]+/gu, ' ').replace(/\+?\d(?:[ ().-]*\d){6,}/g, '(number)');
  return Array.from(line.trim()).slice(0, 195).join('');
}

/** `Retry-After` in milliseconds: seconds, or an HTTP date; at most a day. Null when there is none to be read. */
function waitIn(retryAfter: string | string[] | undefined, now: number): number | null {
  const [text = ''] = [retryAfter ?? ''].flat();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : / GMT$/.test(text) ? Date.parse(text) - now : Number.NaN;
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), 24 * 3_600_000);
}
