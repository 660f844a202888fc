import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Finds what a name stands for, where all of it is public: for the connections of a client. */
export const lookupPublic: LookupFunction = (name, options, done) => {
  resolve(name, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, []);
    const [first, ...others] = found;
    // One private address among others is a trap, or a mistake: none of them is taken.
    if (first === undefined || [first, ...others].some(({ address }) => isPrivate(address))) return done(refusal(), []);
    if (options.all) done(null, found);
    else done(null, first.address, first.family);
  });
};

/** An address in place of a name is connected to without a look. Throws where it is private. */
export function refusePrivate(hostname: string): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) > 0 && isPrivate(bare)) throw refusal();
}

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
