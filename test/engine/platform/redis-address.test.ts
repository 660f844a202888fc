import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readRedisAddress } from '../../../engine/platform/redis-address.ts';
import { certificate } from '../../support/secure-servers.ts';

const ca = readFileSync(certificate('ca'), 'utf8');

describe('an address of Redis', () => {
  for (const [written, read] of [
    ['redis://one', { cluster: null, options: { host: 'one', port: 6379 } }],
    [
      'rediss://ann:p%40ss@one:7000/3',
      { cluster: null, options: { host: 'one', port: 7000, username: 'ann', password: 'p@ss', db: 3, tls: {} } },
    ],
    [
      'redis+unix://:pass@/run/redis.sock?db=2',
      { cluster: null, options: { path: '/run/redis.sock', password: 'pass', db: 2 } },
    ],
    ['redis://[::1]:7000', { cluster: null, options: { host: '::1', port: 7000 } }],
    [
      `rediss://:pass@one:7000?ca=${certificate('ca')},rediss://two`,
      {
        cluster: [
          { host: 'one', port: 7000 },
          { host: 'two', port: 6379 },
        ],
        options: { password: 'pass', tls: { ca } },
      },
    ],
    [
      'redis+sentinel://ann:p%40ss@one,two:7000/texting/3',
      {
        cluster: null,
        options: {
          sentinels: [
            { host: 'one', port: 26379 },
            { host: 'two', port: 7000 },
          ],
          name: 'texting',
          username: 'ann',
          password: 'p@ss',
          db: 3,
        },
      },
    ],
    [
      `rediss+sentinel://one/texting?ca=${certificate('ca')}`,
      {
        cluster: null,
        options: {
          sentinels: [{ host: 'one', port: 26379 }],
          name: 'texting',
          tls: { ca },
          sentinelTLS: { ca },
          enableTLSForSentinelMode: true,
        },
      },
    ],
  ] as const) {
    it(`${written.replace(/\?ca=[^,]*/, '?ca=FILE')} is read`, () => {
      expect(readRedisAddress(written)).to.deep.equal(read);
    });
  }
});
