import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { row, run } from '../../db/connect.ts';
import { diskFindings, examineDisk } from '../../engine/usecases/doctor/disk.ts';
import { clockFinding, mysqlFindings } from '../../engine/usecases/doctor/mysql.ts';
import { redisFindings } from '../../engine/usecases/doctor/redis.ts';
import { report } from '../../engine/usecases/doctor/watch.ts';
import { startGroup } from '../support/group.ts';
import { type } from '../support/operator.ts';
import { envOf } from '../support/settings.ts';
import { openWorld, type World } from '../support/world.ts';

type Finding = { check: string; state: string; says: string; mend?: string; which?: string[] };
type Env = Record<string, string>;

const SERVICE = '+12015551000';
const POOL = Array.from({ length: 10 }, (_, at) => `+1201555${String(1001 + at)}`);

describe('doctor', () => {
  let world: World;
  let right: Env;
  let redis: Redis;
  let pictures: string;
  before(async () => {
    pictures = await mkdtemp(path.join(tmpdir(), 'doctor-'));
    const applications = { OTHER: 'https://old.example/plivo/message', EMPTY: null };
    world = await openWorld({
      env: {
        OPS_PASSWORD: 'a password of operators',
        PLIVO_CAMPAIGN_ID: 'CSIMULATED',
        MEDIA_FOLDER: path.join(pictures, 'here'),
      },
      simulator: {
        numbers: [SERVICE, ...POOL],
        application: 'APP1',
        applications,
        answers: { OLDCALLS: 'https://old.example/plivo/call' },
      },
    });
    right = envOf(world.runtime.config);
    redis = new Redis(right.REDIS_URL ?? '');
    await sql('SET GLOBAL innodb_flush_log_at_trx_commit = 1');
    await startGroup(world, ['Ann', 'Bob']);
  });
  after(async () => {
    redis.disconnect();
    await world.close();
    await rm(pictures, { recursive: true });
  });

  const sql = (text: string) => run(world.runtime.db, text);
  const examine = async (env: Env) => {
    const { code, out, err } = await type('doctor --json', env);
    expect(err).to.equal('');
    const { findings, healthy } = JSON.parse(out) as { findings: Finding[]; healthy: boolean };
    expect(code).to.equal(healthy ? 0 : 1);
    return findings;
  };
  /** At the carrier, as its console would. */
  const atCarrier = async (method: string, path: string, body?: object) => {
    const authorization = `Basic ${Buffer.from('MATEST:test-token').toString('base64')}`;
    const root = `${world.simulator.url}/v1/Account/MATEST`;
    await fetch(`${root}/${path}`, {
      method,
      headers: { authorization },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  };
  const address = (change: (url: URL) => void, of: string) => {
    const url = new URL(right[of] ?? '');
    change(url);
    return { [of]: url.href };
  };

  it('finds nothing where all is right, and says what it looked at', async () => {
    const findings = await examine(right);
    expect(findings.filter(({ state }) => state !== 'ok')).to.deep.equal([]);
    const checks = [
      'settings',
      'mysql',
      'schema',
      'redis',
      'clocks',
      'carrier',
      'numbers',
      'address',
      'media',
      'service',
    ];
    expect([...new Set(findings.map(({ check }) => check))]).to.have.members(checks);
    const table = await type('doctor', right);
    expect([table.code, table.out.includes('fault')]).to.deep.equal([0, false]);
  });

  type Planted = {
    what: string;
    env?: () => Env;
    plant?: () => Promise<unknown>;
    undo?: () => Promise<unknown>;
    finds: [string, string, RegExp];
  };
  const planted: readonly Planted[] = [
    { what: 'a value that is none', env: () => ({ NUMBER_MPS: 'fast' }), finds: ['settings', 'fault', /NUMBER_MPS/] },
    {
      what: 'a setting that is missing',
      env: () => ({ SERVICE_NUMBER: '' }),
      finds: ['settings', 'fault', /SERVICE_NUMBER is missing/],
    },
    {
      what: 'a name that is misspelt',
      env: () => ({ NUMBER_MSP: '3' }),
      finds: ['settings', 'warning', /is NUMBER_MPS meant/],
    },
    {
      what: 'a wrong password of MySQL',
      env: () => address((url) => Object.assign(url, { username: 'nobody', password: 'wrong' }), 'MYSQL_URL'),
      finds: ['mysql', 'fault', /refuses us/],
    },
    {
      what: 'a database that is not there',
      env: () => address((url) => Object.assign(url, { pathname: '/not_there' }), 'MYSQL_URL'),
      finds: ['mysql', 'fault', /refuses us/],
    },
    {
      what: 'a MySQL that is not there',
      env: () => ({ MYSQL_URL: 'mysql://root@127.0.0.1:1/none' }),
      finds: ['mysql', 'fault', /does not answer/],
    },
    {
      what: 'a schema that was never migrated',
      plant: () => sql('CREATE DATABASE doctor_empty CHARACTER SET utf8mb4'),
      undo: () => sql('DROP DATABASE doctor_empty'),
      env: () => address((url) => Object.assign(url, { pathname: '/doctor_empty' }), 'MYSQL_URL'),
      finds: ['schema', 'fault', /missing or older/],
    },
    {
      what: 'a MySQL that may lose commits',
      plant: () => sql('SET GLOBAL innodb_flush_log_at_trx_commit = 2'),
      undo: () => sql('SET GLOBAL innodb_flush_log_at_trx_commit = 1'),
      finds: ['mysql', 'warning', /may lose the last second/],
    },
    {
      what: 'a MySQL that logs what people say',
      plant: () => sql('SET GLOBAL general_log = ON'),
      undo: () => sql('SET GLOBAL general_log = OFF'),
      finds: ['mysql', 'warning', /general log/],
    },
    {
      what: 'a database in another character set',
      plant: () => sql('ALTER DATABASE CHARACTER SET latin1'),
      undo: () => sql('ALTER DATABASE CHARACTER SET utf8mb4'),
      finds: ['mysql', 'warning', /latin1/],
    },
    {
      what: 'a MySQL with few connections',
      plant: () => sql('SET GLOBAL max_connections = 41'),
      undo: () => sql('SET GLOBAL max_connections = 500'),
      finds: ['mysql', 'warning', /41 connections/],
    },
    {
      what: 'a Redis that is not there',
      env: () => ({ REDIS_URL: 'redis://127.0.0.1:1' }),
      finds: ['redis', 'fault', /does not answer/],
    },
    {
      what: 'a wrong password of Redis',
      env: () => address((url) => Object.assign(url, { username: 'nobody', password: 'wrong' }), 'REDIS_URL'),
      finds: ['redis', 'fault', /refuses us/],
    },
    {
      what: 'a Redis that evicts',
      plant: () => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'),
      undo: () => redis.config('SET', 'maxmemory-policy', 'noeviction'),
      finds: ['redis', 'fault', /throw jobs away/],
    },
    {
      what: 'a Redis that keeps nothing',
      plant: () => redis.config('SET', 'appendonly', 'no'),
      undo: () => redis.config('SET', 'appendonly', 'yes'),
      finds: ['redis', 'warning', /append-only/],
    },
    {
      what: 'a wrong token',
      env: () => ({ PLIVO_AUTH_TOKEN: 'wrong' }),
      finds: ['carrier', 'fault', /does not take our credentials/],
    },
    {
      what: 'a carrier that is away',
      env: () => ({ PLIVO_API_URL: 'http://127.0.0.1:1' }),
      finds: ['carrier', 'fault', /plivo does not answer/],
    },
    {
      what: 'little credit',
      plant: async () => world.simulator.recharge(3),
      undo: async () => world.simulator.recharge(1_000),
      finds: ['carrier', 'warning', /3.00 dollars are left/],
    },
    {
      what: 'no credit',
      plant: async () => world.simulator.recharge(0),
      undo: async () => world.simulator.recharge(1_000),
      finds: ['carrier', 'fault', /used up/],
    },
    {
      what: 'a number that the account does not have',
      plant: () =>
        sql(
          "INSERT INTO numbers (phone, kind, carrier, class, created_at) VALUES ('+12015558888', 'pool', 'plivo', 'long', NOW(3))",
        ),
      undo: () => sql("DELETE FROM numbers WHERE phone = '+12015558888'"),
      finds: ['numbers', 'fault', /are not the account’s/],
    },
    {
      what: 'an application that sends texts elsewhere',
      plant: () => atCarrier('POST', `Number/${POOL[3]?.slice(1)}/`, { app_id: 'OTHER' }),
      undo: () => atCarrier('POST', `Number/${POOL[3]?.slice(1)}/`, { app_id: 'APP1' }),
      finds: ['numbers', 'fault', /OTHER sends inbound texts to https:\/\/old.example/],
    },
    {
      what: 'an application without an address',
      plant: () => atCarrier('POST', `Number/${POOL[3]?.slice(1)}/`, { app_id: 'EMPTY' }),
      undo: () => atCarrier('POST', `Number/${POOL[3]?.slice(1)}/`, { app_id: 'APP1' }),
      finds: ['numbers', 'fault', /EMPTY sends inbound texts to nowhere/],
    },
    {
      what: 'an application that asks somebody else about calls',
      plant: () => atCarrier('POST', `Number/${POOL[3]?.slice(1)}/`, { app_id: 'OLDCALLS' }),
      undo: () => atCarrier('POST', `Number/${POOL[3]?.slice(1)}/`, { app_id: 'APP1' }),
      finds: [
        'numbers',
        'warning',
        /^application OLDCALLS asks https:\/\/old.example\/plivo\/call what becomes of a call/,
      ],
    },
    {
      what: 'a number outside of its campaign',
      plant: () => atCarrier('DELETE', `10dlc/Campaign/CSIMULATED/Number/${POOL[3]?.slice(1)}/`),
      undo: () => atCarrier('POST', '10dlc/Campaign/CSIMULATED/Number/', { numbers: [POOL[3]?.slice(1)] }),
      finds: ['numbers', 'fault', /not registered in the campaign/],
    },
    {
      what: 'an address without TLS',
      env: () => ({ PUBLIC_URL: 'http://texting.invalid' }),
      finds: ['address', 'fault', /not https/],
    },
    {
      what: 'an address that leads nowhere',
      env: () => ({ PUBLIC_URL: 'http://127.0.0.1:1' }),
      finds: ['address', 'fault', /does not answer/],
    },
    {
      what: 'an address of something else',
      env: () => ({ PUBLIC_URL: world.simulator.url }),
      finds: ['address', 'fault', /answers 404/],
    },
    {
      what: 'an address that web does not know as its own',
      env: () => ({ PUBLIC_URL: (right.PUBLIC_URL ?? '').replace('127.0.0.1', 'localhost') }),
      finds: ['address', 'fault', /refused by web/],
    },
    {
      what: 'a folder of pictures that cannot be written',
      env: () => ({ MEDIA_FOLDER: '/dev/null/pictures' }),
      finds: ['media', 'fault', /cannot be written \(ENOTDIR\)/],
    },
    {
      what: 'a bucket that does not answer',
      env: () => ({ MEDIA_S3_URL: 'http://key:secret@127.0.0.1:1/pictures' }),
      finds: ['media', 'fault', /cannot be written \((?!.*secret)/],
    },
    {
      what: 'a folder of pictures that web does not see',
      env: () => ({ MEDIA_FOLDER: path.join(pictures, 'elsewhere') }),
      finds: ['media', 'fault', /web does not find/],
    },
    {
      what: 'a pause that was forgotten',
      plant: () => type('sending pause plivo --yes', right),
      undo: () => type('sending resume plivo', right),
      finds: ['service', 'warning', /pauses \(an operator\)/],
    },
    {
      what: 'an empty pool',
      plant: () => sql("UPDATE numbers SET retired_at = NOW(3) WHERE kind = 'pool'"),
      undo: () => sql("UPDATE numbers SET retired_at = NULL WHERE kind = 'pool'"),
      finds: ['service', 'fault', /no number is handed out/],
    },
    {
      what: 'Stripe without webhooks',
      env: () => ({ STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: '' }),
      finds: ['service', 'warning', /refunds and disputes/],
    },
    {
      what: 'no password of operators',
      env: () => ({ OPS_PASSWORD: '' }),
      finds: ['service', 'warning', /\/ops is closed/],
    },
  ];

  for (const { what, env = () => ({}), plant, undo, finds } of planted) {
    it(`finds ${what}, and says what to do`, async () => {
      const [check, state, says] = finds;
      await plant?.();
      try {
        const found = (await examine({ ...right, ...env() })).filter(
          (one) => one.check === check && says.test(one.says),
        );
        expect(
          found.map((one) => one.state),
          what,
        ).to.deep.equal([state]);
        expect(found[0]?.mend ?? '').to.have.length.greaterThan(5);
      } finally {
        await undo?.();
      }
    });
  }

  it('names the numbers that a finding is about to an operator, and not to the log', async () => {
    const [phone = ''] = POOL;
    await atCarrier('POST', `Number/${phone.slice(1)}/`, { app_id: 'OTHER' });
    try {
      expect((await examine(right)).flatMap(({ which = [] }) => which)).to.deep.equal([phone]);
      const lines: string[] = [];
      const note = (...line: unknown[]) => void lines.push(JSON.stringify(line));
      await report({ log: { warn: note, info: note } }, right);
      expect(lines).to.have.length(1);
      expect(lines[0])
        .to.match(/doctor: application OTHER/)
        .and.not.contain(phone);
    } finally {
      await atCarrier('POST', `Number/${phone.slice(1)}/`, { app_id: 'APP1' });
    }
  });

  it('leaves no picture behind', async () => {
    await examine(right);
    const found = await readdir(path.join(pictures, 'here'), { recursive: true });
    expect(found.filter((name) => name.includes('.'))).to.deep.equal([]);
  });

  it('changes nothing: its webhook leaves no trace', async () => {
    const count = async () =>
      (
        await row<{ all: number }>(
          world.runtime.db,
          'SELECT (SELECT COUNT(*) FROM deliveries) + (SELECT COUNT(*) FROM inbound_texts) + (SELECT COUNT(*) FROM audit) AS `all`',
        )
      )?.all;
    const before = await count();
    await examine(right);
    expect(await count()).to.equal(before);
  });

  it('reads versions, roles, memory and clocks that no server of ours has', async () => {
    const well = {
      version: '8.4.2',
      charset: 'utf8mb4',
      readOnly: 0,
      maxConnections: 151,
      flushLog: 1,
      syncBinlog: 1,
      generalLog: 0,
    };
    const states = (found: readonly { state: string }[]) => found.map(({ state }) => state);
    expect(states(mysqlFindings(well))).to.deep.equal(['ok']);
    for (const version of ['5.7.44', '10.5.9-MariaDB'])
      expect(states(mysqlFindings({ ...well, version })), version).to.deep.equal(['fault']);
    expect(states(mysqlFindings({ ...well, readOnly: 1 }))).to.deep.equal(['fault']);
    expect(states(mysqlFindings({ ...well, syncBinlog: 0 }))).to.deep.equal(['warning']);
    expect(
      redisFindings('redis_version:7.2.4\r\nused_memory:5\r\nmaxmemory:0\r\naof_enabled:1\r\nrole:master'),
    ).to.deep.equal([]);
    expect(states(redisFindings('redis_version:6.0.1\r\nrole:slave\r\nused_memory:90\r\nmaxmemory:100'))).to.deep.equal(
      ['fault', 'warning', 'fault'],
    );
    expect(redisFindings('')).to.deep.equal([]);
    const disk = (freeGb: number, totalGb: number) =>
      diskFindings({ freeBytes: freeGb * 1e9, totalBytes: totalGb * 1e9 });
    expect([disk(50, 100), disk(9, 20), disk(60, 2_000)]).to.deep.equal([[], [], []]);
    expect(states([...disk(5, 100), ...disk(0.5, 100)])).to.deep.equal(['warning', 'fault']);
    expect(disk(5, 100)[0]?.says).to.equal('the disk of MySQL’s data has 5.0 GB left of 100');
    // Elsewhere, and where we may not look, nobody knows.
    expect(await examineDisk({ host: 'another.example', dataDir: '/' })).to.deep.equal([]);
    expect(await examineDisk({ host: hostname(), dataDir: '/nowhere/at/all' })).to.deep.equal([]);
    expect(clockFinding('MySQL', 400).state).to.equal('ok');
    expect(clockFinding('MySQL', -5_000).says).to.equal('MySQL is 5 s behind this machine');
  });
});
