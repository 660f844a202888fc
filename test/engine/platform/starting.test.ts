import { expect } from 'chai';
import { openDb } from '../../../db/connect.ts';
import { migrate } from '../../../db/migrate.ts';
import { readMysqlAddress } from '../../../db/mysql-address.ts';
import { BadConfig } from '../../../engine/platform/config.ts';
import { nearMissesIn } from '../../../engine/platform/near-misses.ts';
import { connectRedis } from '../../../engine/platform/redis.ts';
import { openRuntime } from '../../../engine/platform/runtime.ts';
import { openDatabase } from '../../support/database.ts';
import { startGroup } from '../../support/group.ts';
import { takeRedisDatabase } from '../../support/redis.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('a start with settings that look right', () => {
  const admin = openDb(process.env.TEST_MYSQL_URL ?? '', { size: 1 });
  const empty = `empty_${process.pid}`;
  let world: World;
  before(async () => {
    world = await openWorld({ workers: false });
    await admin.raw(`CREATE DATABASE ${empty}`);
  });
  after(async () => {
    await admin.raw(`DROP DATABASE ${empty}`);
    await admin.destroy();
    await world.close();
  });

  const whyNot = async (changes: { MYSQL_URL?: string; REDIS_URL?: string; REDIS_PREFIX?: string }) => {
    const config = { ...world.runtime.config, LOG_LEVEL: 'silent', ...changes };
    try {
      await (await openRuntime(config, { process: 'clock' })).close();
      return 'it started';
    } catch (error) {
      if (error instanceof BadConfig) return error.message;
      throw error;
    }
  };
  const mysql = (change: (url: URL) => void) => {
    const url = new URL(world.runtime.config.MYSQL_URL);
    change(url);
    return { MYSQL_URL: url.href };
  };

  const mistakes: [string, () => { MYSQL_URL?: string; REDIS_URL?: string }, RegExp][] = [
    ['a wrong password of MySQL', () => mysql((url) => (url.password = 'wrong')), /MYSQL_URL: MySQL refuses.*%40/],
    [
      'a database that is not there',
      () => mysql((url) => (url.pathname = '/nowhere')),
      /MYSQL_URL: .*|MYSQL_URL names/,
    ],
    ['a schema that was never migrated', () => mysql((url) => (url.pathname = `/${empty}`)), /^it started$/],
  ];
  for (const [what, changes, says] of mistakes)
    it(`says in one line what to mend: ${what}`, async () => {
      const said = await whyNot(changes());
      expect(said).to.match(says).and.not.contain('\n');
    });

  it('says in one line what to mend: a wrong password of Redis', async () => {
    const url = new URL(await takeRedisDatabase(process.env.TEST_REDIS_URL ?? ''));
    url.username = 'nobody';
    url.password = 'wrong';
    expect(await whyNot({ REDIS_URL: url.href })).to.match(/^wrong settings: REDIS_URL: Redis refuses/);
  });

  it('says in one line what to mend: a Redis that serves another system; with a prefix they share it', async () => {
    const other = await openDatabase();
    try {
      await migrate(other.db);
      expect(await whyNot({ MYSQL_URL: other.url })).to.match(
        /^wrong settings: REDIS_URL names a Redis that serves another database: name another one or set REDIS_PREFIX/,
      );
      expect(await whyNot({ MYSQL_URL: other.url, REDIS_PREFIX: 'town:' })).to.equal('it started');
      expect(await whyNot({})).to.equal('it started');
      const shared = { REDIS_PREFIX: 'town:' };
      expect(await whyNot(shared)).to.match(/REDIS_URL with this REDIS_PREFIX names a Redis that serves another/);
    } finally {
      await other.drop();
    }
  });

  it('reads the socket of a MySQL on this machine', () => {
    const read = readMysqlAddress('mysql://ann:secret@localhost/texting?socketPath=/run/mysqld.sock');
    expect(read).to.deep.equal({
      ...{ host: 'localhost', user: 'ann', password: 'secret', database: 'texting' },
      socketPath: '/run/mysqld.sock',
    });
  });

  const misses: [string, string[]][] = [
    ['NUMBER_MSP', ['NUMBER_MSP is no setting and has no effect: is NUMBER_MPS meant?']],
    ['MYSQL_URI', ['MYSQL_URI is no setting and has no effect: is MYSQL_URL meant?']],
    ['NUMBER_MPS', []],
    ['HOSTNAME', []],
    ['MYSQL_URL_FILE', []],
    ['MYSQL_URL_FIEL', ['MYSQL_URL_FIEL is no setting and has no effect: is MYSQL_URL_FILE meant?']],
    ['npm_config_cache', []],
  ];
  for (const [name, expected] of misses)
    it(`warns of a name that is nearly one of ours, and of no other: ${name}`, () => {
      expect(nearMissesIn({ [name]: '1' })).to.deep.equal(expected);
    });
});

describe('a system with a prefix in Redis', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ env: { REDIS_PREFIX: 'town:' } });
  });
  after(() => world.close());

  it('carries a text, and each of its keys begins with it', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob']);
    await world.text(phones.Ann ?? '', number, 'Hello');
    await world.quiet();
    expect(world.textsTo(phones.Bob ?? '').map(({ text }) => text)).to.include('Ann: Hello');
    const redis = connectRedis(world.runtime.config.REDIS_URL, 'work');
    const keys = await redis.keys('*');
    redis.disconnect();
    expect(keys).to.include('town:{gtx}:system');
    expect(keys.filter((key) => !key.startsWith('town:'))).to.deep.equal([]);
  });
});
