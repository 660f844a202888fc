import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { Pool } from 'undici';
import type { Clock } from '../simulator/clock.ts';

export type Webhooks = ReturnType<typeof openWebhooks>;
export type Outcome = { status: number; attempts: number };

/** https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks: 2 s for an answer, up to 3 attempts a URL. */
const ANSWER_WITHIN_MS = 2_000;
const ATTEMPTS = 3;
/** The page names no pause; half a minute is slow enough to show in a test that nothing is waited for. */
const PAUSE_MS = 30_000;

/** The carrier's calls to us: JSON, signed over its bytes with the key of the account, and repeated. */
export function openWebhooks({ clock, timeScale }: { clock: Clock; timeScale: number }) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const pools = new Map<string, Pool>();

  function poolFor(origin: string): Pool {
    const pool = pools.get(origin) ?? new Pool(origin, { connections: 64 });
    pools.set(origin, pool);
    return pool;
  }

  /** Calls once; resolves to the answer, with status 0 where none came in time. */
  async function post(url: string, { type, body, forged }: Signed): Promise<{ status: number; body: string }> {
    const { origin, pathname, search } = new URL(url);
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = sign(null, Buffer.from(`${timestamp}|${body}`), forged ? stranger : privateKey);
    try {
      const response = await poolFor(origin).request({
        method: 'POST',
        path: pathname + search,
        headers: {
          'content-type': type,
          'user-agent': 'telnyx-webhooks',
          'telnyx-signature-ed25519': signature.toString('base64'),
          'telnyx-timestamp': timestamp,
        },
        body,
        headersTimeout: ANSWER_WITHIN_MS,
        bodyTimeout: ANSWER_WITHIN_MS,
      });
      return { status: response.statusCode, body: await response.body.text() };
    } catch {
      return { status: 0, body: '' };
    }
  }

  async function call(url: string, event: Event, attempt: number, forged: boolean): Promise<number> {
    const body = JSON.stringify({ data: { record_type: 'event', ...event }, meta: { attempt, delivered_to: url } });
    return (await post(url, { type: 'application/json', body, forged })).status;
  }

  return {
    /** The raw 32 bytes in base64, as the portal shows them. */
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64'),
    /** Brings an event until it is taken or given up. */
    async deliver(url: string, type: string, payload: object, { forged = false } = {}): Promise<Outcome> {
      const event = { event_type: type, id: randomUUID(), occurred_at: new Date().toISOString(), payload };
      let status = 0;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        status = await call(url, event, attempt, forged);
        const isOver = isTaken(status) || attempt === ATTEMPTS || !(await clock.wait(PAUSE_MS * timeScale));
        if (isOver) return { status, attempts: attempt };
      }
      return { status, attempts: ATTEMPTS };
    },
    /** Asks what to do with a call, by a form; the answer says it. */
    ask(url: string, fields: Readonly<Record<string, string>>, { forged = false } = {}) {
      const body = new URLSearchParams(fields).toString();
      return post(url, { type: 'application/x-www-form-urlencoded', body, forged });
    },
    async close(): Promise<void> {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

type Signed = { type: string; body: string; forged: boolean };
type Event = { event_type: string; id: string; occurred_at: string; payload: object };

export function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}
