import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { lookupPublic, refusePrivate } from './public-addresses.ts';

/**
 * Fetches what a message names, for `runtime.use`: by https from public addresses, wherever it is redirected to. Alone what
 * `isKnown` vouches for may be by plain http and on a private address.
 */
export type GuardedGet = {
  /**
   * The status and the contents, of 200 alone; at most `mostBytes`. Throws with a `code` in place of an answer: `PRIVATE` is an
   * address that is not public, `NOT_HTTPS`, `TOO_LARGE` and `REDIRECTS` what they say.
   */
  get(url: string, wanted: Wanted): Promise<{ status: number; bytes: Buffer }>;
  close(): Promise<void>;
};

type Wanted = {
  mostBytes: number;
  /** Of all of it, redirects included. */
  timeoutMs: number;
  isKnown(url: URL): boolean;
  /** What to send where an address asks for it (401); null where it is not to be had. */
  authorization(url: URL): string | null;
};

export function openGuardedGet(): GuardedGet {
  const open = openAgent(resolve as LookupFunction);
  const guarded = openAgent(lookupPublic);

  function ask(url: URL, wanted: Asking): Promise<Dispatcher.ResponseData> {
    if (!wanted.isKnown(url)) {
      if (url.protocol !== 'https:') throw refusal('NOT_HTTPS');
      refusePrivate(url.hostname);
    }
    const { origin, pathname, search } = url;
    const { signal, headers } = wanted;
    const agent = wanted.isKnown(url) ? open : guarded;
    return agent.request({ origin, path: pathname + search, method: 'GET', signal, headers });
  }

  return {
    async get(address, wanted) {
      const asking = { ...wanted, signal: AbortSignal.timeout(wanted.timeoutMs), headers: {} };
      let url = new URL(address);
      for (let asked = 0; asked <= MOST_REDIRECTS; asked++) {
        let answer = await ask(url, asking);
        const authorization = answer.statusCode === 401 ? wanted.authorization(url) : null;
        if (authorization !== null) {
          await leave(answer);
          answer = await ask(url, { ...asking, headers: { authorization } });
        }
        const { statusCode: status, headers, body } = answer;
        if (status === 200) return { status, bytes: await readUpTo(body, wanted.mostBytes) };
        await leave(answer);
        const { location } = headers;
        if (!REDIRECTS.has(status) || typeof location !== 'string' || !URL.canParse(location, url.href))
          return { status, bytes: Buffer.alloc(0) };
        url = new URL(location, url);
      }
      throw refusal('REDIRECTS');
    },
    close: async () => void (await Promise.all([open.destroy(), guarded.destroy()])),
  };
}

type Asking = Wanted & { signal: AbortSignal; headers: Record<string, string> };

const MOST_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const CONNECT_MS = 5_000;
const CONNECTIONS = 8;

function openAgent(lookup: LookupFunction): Agent {
  return new Agent({
    connect: { lookup, timeout: CONNECT_MS },
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

/** Stops as soon as there is more; what the other side says of the length is not believed. */
async function readUpTo(body: Dispatcher.ResponseData['body'], mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length;
    // Leaving the loop ends the connection.
    if (length > mostBytes) throw refusal('TOO_LARGE');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function leave({ body }: Dispatcher.ResponseData): Promise<void> {
  body.on('error', () => undefined);
  await body.dump({ limit: 16_384 }).catch(() => undefined);
}

function refusal(code: 'NOT_HTTPS' | 'TOO_LARGE' | 'REDIRECTS'): NodeJS.ErrnoException {
  return Object.assign(new Error(`a fetch was refused: ${code}`), { code });
}
