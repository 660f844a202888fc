import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher } from 'undici';

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
      const bare = hostname.replace(/^\[|\]$/g, '');
      // An address in place of a name is connected to without a look.
      if (!isOpen && isIP(bare) > 0 && isPrivate(bare)) throw refusal();
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

const lookupPublic: LookupFunction = (name, options, done) => {
  resolve(name, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, []);
    const [first, ...others] = found;
    // One private address among others is a trap, or a mistake: none of them is taken.
    if (first === undefined || [first, ...others].some(({ address }) => isPrivate(address))) return done(refusal(), []);
    if (options.all) done(null, found);
    else done(null, first.address, first.family);
  });
};

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('an address that is not public'), { code: 'PRIVATE' });
}

/** Whether an address is of one machine or network, or of none: whatever is not for the whole internet. */
export function isPrivate(address: string): boolean {
  const family = isIP(address);
  return family === 0 || (family === 4 ? ranges4.check(address, 'ipv4') : ranges6.check(address, 'ipv6'));
}

/** From the registries of special addresses (RFC 6890) of IANA, and what wraps addresses of version 4. */
const ranges4 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  ranges4.addSubnet(net, bits, 'ipv4');
/** By itself: what is of version 4 is looked for in a list of version 6 too. */
const ranges6 = new BlockList();
// Of version 6 the global unicast addresses alone are public, less some.
for (const [net, bits] of [
  ['::', 3],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['4000::', 2],
  ['8000::', 1],
] as const)
  ranges6.addSubnet(net, bits, 'ipv6');
