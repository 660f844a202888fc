import { randomInt } from 'node:crypto';
import { stringify } from 'node:querystring';
import { type Dispatcher, Pool } from 'undici';
import type { Clock } from './clock.ts';
import { type Params, type Signing, signatureHeaders } from './signature.ts';

export type Webhooks = ReturnType<typeof openWebhooks>;
export type Outcome = { status: number; attempts: number };

export type Method = 'GET' | 'POST';
/** `signing` where it differs from the usual. */
export type How = { method?: Method | undefined; signing?: Signing | undefined };

/**
 * Milliseconds after which Plivo calls again, each counted from the call before; it waits 8 s for an answer. From
 * plivo.com/docs/messaging/concepts/callbacks/10dlc-callbacks. For inbound texts support.plivo.com/hc/en-us/articles/
 * 360041749951 speaks of 24 hours instead, without saying when; the shorter schedule is the harder one.
 */
const retryAfter = [60_000, 120_000, 240_000];

/** The carrier's calls to us: signed, over connections that stay open, repeated on Plivo's schedule. */
export function openWebhooks(options: {
  authToken: string;
  signing: Signing;
  timeoutMs: number;
  timeScale: number;
  clock: Clock;
}) {
  const pools = new Map<string, Pool>();

  function requestOf(to: string, params: Params, { method = 'POST', signing = options.signing }: How) {
    const form = stringify(params).replaceAll('%20', '+');
    const url = method === 'GET' ? `${to}${to.includes('?') ? '&' : '?'}${form}` : to;
    const { origin, pathname, search } = new URL(url);
    const nonce = String(randomInt(1e14));
    const signed = { url, params: method === 'GET' ? {} : params, token: options.authToken, nonce };
    const request = {
      method,
      path: pathname + search,
      headers: { ...headers[method], ...signatureHeaders(signed, signing) },
      ...(method === 'GET' ? {} : { body: form }),
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
    };
    return { pool: poolFor(origin), request };
  }

  /** Calls once; resolves to the HTTP status, 0 where no answer came in time. */
  function call(to: string, params: Params, how: How = {}): Promise<number> {
    const { pool, request } = requestOf(to, params, how);
    return statusOf(pool, request);
  }

  function poolFor(origin: string): Pool {
    const open = pools.get(origin);
    if (open) return open;
    const pool = new Pool(origin, { connections: 128, connectTimeout: options.timeoutMs });
    pools.set(origin, pool);
    return pool;
  }

  return {
    call,
    /** The same, where the answer says what to do; undefined where none came. */
    async ask(to: string, params: Params, how: How = {}): Promise<{ status: number; body: string } | undefined> {
      const { pool, request } = requestOf(to, params, how);
      const answer = await pool.request(request).catch(() => undefined);
      return answer && { status: answer.statusCode, body: await answer.body.text() };
    },
    /** Goes on calling after a first call that was not taken: after 60, 120 and 240 s, until one is. */
    async callAgain(url: string, params: Params, how: How = {}): Promise<Outcome> {
      let outcome: Outcome = { status: 0, attempts: 0 };
      for (const ms of retryAfter) {
        if (!(await options.clock.wait(ms * options.timeScale))) break;
        outcome = { status: await call(url, params, how), attempts: outcome.attempts + 1 };
        if (isTaken(outcome.status)) break;
      }
      return outcome;
    },
    async close(): Promise<void> {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

const agent = { 'user-agent': 'carrier-simulator' };
const headers = { GET: agent, POST: { ...agent, 'content-type': 'application/x-www-form-urlencoded' } };

export function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The bare dispatch: nothing of an answer but its status matters, and a stream for each body would cost a third more. */
function statusOf(pool: Pool, request: Dispatcher.DispatchOptions): Promise<number> {
  return new Promise((resolve) => {
    let status = 0;
    pool.dispatch(request, {
      onRequestStart() {}, // undici tells its handlers apart by this one
      onResponseStart(_controller, statusCode) {
        status = statusCode;
      },
      onResponseEnd: () => resolve(status),
      onResponseError: () => resolve(0), // refused, reset or too slow: to the carrier they are all "no answer"
    });
  });
}
