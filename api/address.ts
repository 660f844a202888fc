import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

/**
 * The client's address for counting calls: the socket's or, behind a proxy of ours, the last entry of
 * X-Forwarded-For, which is the one that the proxy wrote. Of IPv6 the network: one client has 2^64 addresses.
 */
export function clientAddress(request: IncomingMessage, { trustProxy }: { trustProxy: boolean }): string {
  const socket = request.socket.remoteAddress ?? 'unknown';
  if (!trustProxy) return network(socket);
  const forwarded = [request.headers['x-forwarded-for'] ?? ''].flat().join(',');
  const last = forwarded.slice(forwarded.lastIndexOf(',') + 1).trim();
  return network(isIP(last) > 0 ? last : socket);
}

function network(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.replace(/%.*$/, '').toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  const full = tail === undefined ? groups : [...groups, ...zeros, ...rest];
  const prefix = full.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${prefix.join(':')}::/64`;
}
