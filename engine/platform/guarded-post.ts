import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { lookupPublic, refusePrivate } from './public-addresses.ts';

/**
 * Posts to addresses that strangers name, for `runtime.use`: to no private one. A name is resolved and looked at for each
 * connection, which then goes to that very address, so that no second answer of a name server can lead elsewhere. Follows no
 * redirect, and reads little of the answer.
 */
export type GuardedPost = {
  /** The status of the answer. Throws with a `code` in place of one; `PRIVATE` is an address of ours. */
  post(url: string, request: { headers: Record<string, string>; body: string; timeoutMs: number }): Promise<number>;
  close(): Promise<void>;
};

export function openGuardedPost({ config }: { config: { HOOKS_TO_PRIVATE: boolean } }): GuardedPost {
  const isOpen = config.HOOKS_TO_PRIVATE;
  const agent = new Agent({
    connect: { lookup: isOpen ? (resolve as LookupFunction) : lookupPublic, timeout: CONNECT_MS },
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async post(url, { headers, body, timeoutMs }) {
      const { hostname, origin, pathname, search } = new URL(url);
      if (!isOpen) refusePrivate(hostname);
      const signal = AbortSignal.timeout(timeoutMs);
      const { statusCode, body: answer } = await agent.request({
        ...{ origin, path: pathname + search, method: 'POST', headers, body, signal },
      } satisfies Dispatcher.RequestOptions);
      answer.on('error', () => undefined);
      await answer.dump({ limit: ANSWER_BYTES, signal }).catch(() => undefined);
      return statusCode;
    },
    close: () => agent.destroy(),
  };
}

const CONNECT_MS = 5_000;
/** To one receiver at a time. */
const CONNECTIONS = 8;
const ANSWER_BYTES = 16_384;
