import type { RedisOptions } from 'ioredis';
import { BadAddress, decodePart, readTls } from '../../db/server-address.ts';

/** How to reach Redis: one, the masters of a cluster, or the one that Sentinels say is the master. */
export type RedisAddress = {
  /** Some nodes of a cluster; of one Redis the options say all. */
  cluster: readonly { host: string; port: number }[] | null;
  options: RedisOptions;
};

/**
 * Reads redis://user:password@host:port/database, several of them with commas between for a cluster, or
 * redis+sentinel://user:password@host:port,host:port/master/database; rediss for TLS; or
 * redis+unix://user:password@/path/to/socket?db=1. Throws `BadAddress`.
 */
export function readRedisAddress(written: string): RedisAddress {
  const socket = SOCKET.exec(written);
  if (socket?.groups !== undefined) return { cluster: null, options: readSocket(socket.groups) };
  const sentinels = SENTINELS.exec(written);
  if (sentinels?.groups !== undefined) return { cluster: null, options: readSentinels(sentinels.groups) };
  const [first, ...more] = written.split(',').map(readOne);
  if (first === undefined) throw new BadAddress(EXPECTED);
  if (more.length === 0) return { cluster: null, options: first };
  // Nodes are found by asking one; the login and TLS are the same for all.
  const { host: _, port: __, db: ___, ...options } = first;
  return { cluster: [first, ...more].map(({ host, port }) => ({ host, port })), options };
}

const EXPECTED = 'REDIS_URL must be an address such as redis://user:password@host:6379';
const SOCKET = /^redis\+unix:\/\/(?<login>[^@/?]*@)?(?<path>\/[^?\s]+)(?:\?db=(?<db>\d+))?$/;
const SENTINELS =
  /^(?<scheme>rediss?)\+sentinel:\/\/(?<login>[^@/?]*@)?(?<hosts>[^@/?\s]+)\/(?<name>[^/?\s]+)(?<database>\/\d*)?(?<parameters>\?\S*)?$/;

function readSocket({ login = '', path = '', db }: Written): RedisOptions {
  return { path, ...loginOf(new URL(`redis://${login}host`)), ...(db === undefined ? {} : { db: Number(db) }) };
}

type One = RedisOptions & { host: string; port: number };

function readOne(written: string): One {
  const url = URL.canParse(written) && !/\s/.test(written) ? new URL(written) : null;
  if (
    url === null ||
    !['redis:', 'rediss:'].includes(url.protocol) ||
    url.hostname === '' ||
    !/^(\/\d*)?$/.test(url.pathname)
  )
    throw new BadAddress(EXPECTED);
  const tls = tlsOf(url.searchParams, url.protocol === 'rediss:');
  return {
    ...placeOf(url),
    ...loginOf(url),
    ...(url.pathname.length > 1 ? { db: Number(url.pathname.slice(1)) } : {}),
    ...(tls === null ? {} : { tls }),
  };
}

/** Hosts with commas between are no address to the URL parser, so it gets them one by one. */
function readSentinels({
  scheme,
  login = '',
  hosts = '',
  name,
  database = '',
  parameters = '',
}: Written): RedisOptions {
  const urls = hosts.split(',').map((host) => `redis://${host}`);
  if (!urls.every((url) => URL.canParse(url))) throw new BadAddress(EXPECTED);
  const tls = tlsOf(new URLSearchParams(parameters), scheme === 'rediss');
  const db = Number(database.slice(1));
  return {
    sentinels: urls.map((url) => placeOf(new URL(url), SENTINEL_PORT)),
    name: decodePart(name ?? '', 'REDIS_URL'),
    ...loginOf(new URL(`redis://${login}host`)),
    ...(db > 0 ? { db } : {}),
    ...(tls === null ? {} : { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}
type Written = Partial<Record<string, string>>;

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

function tlsOf(parameters: URLSearchParams, isSecure: boolean) {
  return readTls(parameters, { setting: 'REDIS_URL', isSecure, secure: 'rediss://user:password@host:6379' });
}

function placeOf({ hostname, port }: URL, usual = REDIS_PORT): { host: string; port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) };
}

function loginOf({ username, password }: URL): Pick<RedisOptions, 'username' | 'password'> {
  return {
    ...(username === '' ? {} : { username: decodePart(username, 'REDIS_URL') }),
    ...(password === '' ? {} : { password: decodePart(password, 'REDIS_URL') }),
  };
}
