import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { clientAddress } from '../../api/address.ts';

describe('the address of a client', () => {
  const rows: [string, string, string | undefined, boolean, string][] = [
    ['is the socket’s', '192.0.2.1', undefined, false, '192.0.2.1'],
    ['is the socket’s, whatever a client claims', '192.0.2.1', '198.51.100.1', false, '192.0.2.1'],
    ['is what the proxy wrote last', '192.0.2.1', '203.0.113.9, 198.51.100.1', true, '198.51.100.1'],
    ['is the socket’s where the proxy wrote nonsense', '192.0.2.1', '198.51.100.1, unknown', true, '192.0.2.1'],
    ['is the socket’s where there was no proxy', '192.0.2.1', undefined, true, '192.0.2.1'],
    ['is plain where IPv4 comes over an IPv6 socket', '::ffff:192.0.2.1', undefined, false, '192.0.2.1'],
    ['is the network of an IPv6 client', '2001:db8:1:2:3:4:5:6', undefined, false, '2001:db8:1:2::/64'],
    ['is the same network in short', '2001:0db8:1:2::9', undefined, false, '2001:db8:1:2::/64'],
    ['is the network with zeros left out', '2001:db8::1', undefined, false, '2001:db8:0:0::/64'],
    ['is this machine', '::1', undefined, false, '0:0:0:0::/64'],
    ['has no zone', 'fe80::1%eth0', undefined, false, 'fe80:0:0:0::/64'],
  ];
  for (const [what, remoteAddress, forwarded, trustProxy, expected] of rows) {
    it(what, () => {
      const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
      const request = { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
      expect(clientAddress(request, { trustProxy })).to.equal(expected);
    });
  }
});
