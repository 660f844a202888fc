import { expect } from 'chai';
import { openDb } from '../../../db/connect.ts';
import { connectRedis, type RedisClient } from '../../../engine/platform/redis.ts';
import { takeMigrated } from '../../support/database.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { takeRedisDatabase } from '../../support/redis.ts';
import { openWorld, type World } from '../../support/world.ts';

const NAME = `rented_${process.pid}`;
/** Each of these has a meaning in an address. */
const PASSWORD = 'p@ss:w/o?r#d%20&';

/** Accounts as hosters give them: for one database, by a name and a password of any characters, without the rights of an admin. */
describe('rented servers', () => {
  const admin = openDb(process.env.TEST_MYSQL_URL ?? '', { size: 1 });
  let world: World;
  let group: TestGroup;
  let giveBack: () => Promise<void>;
  let redis: RedisClient | undefined;

  before(async () => {
    const own = await takeMigrated();
    giveBack = own.giveBack;
    const mysqlUrl = new URL(own.url);
    await admin.raw(`CREATE USER '${NAME}'@'%' IDENTIFIED BY '${PASSWORD}'`);
    await admin.raw(`GRANT ALL ON ${mysqlUrl.pathname.slice(1)}.* TO '${NAME}'@'%'`);
    const redisUrl = new URL(await takeRedisDatabase(process.env.TEST_REDIS_URL ?? ''));
    redis = connectRedis(redisUrl.href, 'work');
    await redis.call('ACL', 'SETUSER', NAME, 'on', `>${PASSWORD}`, '~*', '&*', '+@all', '-info', '-config', '-acl');
    for (const url of [mysqlUrl, redisUrl]) {
      url.username = NAME;
      url.password = encodeURIComponent(PASSWORD);
    }
    world = await openWorld({ env: { MYSQL_URL: mysqlUrl.href, REDIS_URL: redisUrl.href } });
    group = await startGroup(world, ['Ann', 'Bob']);
  });
  after(async () => {
    await world?.close();
    await admin.raw(`DROP USER '${NAME}'@'%'`);
    await redis?.call('ACL', 'DELUSER', NAME);
    redis?.disconnect();
    await admin.destroy();
    await giveBack();
  });

  const says = (text: string) => world.text(group.phones.Ann ?? '', group.number, text);
  const heard = () => world.textsTo(group.phones.Bob ?? '').map(({ text }) => text);

  it('serve with a percent-encoded password, without SUPER, and with INFO and CONFIG refused by Redis', async () => {
    expect(await says('Hello')).to.equal(200);
    await world.quiet();
    expect(heard()).to.include('Ann: Hello');
  });

  it('whose MySQL takes no writes for a while: the carrier and apps hear 503, and afterwards all goes on by itself', async () => {
    await admin.raw('SET GLOBAL read_only = 1');
    try {
      expect(await says('Are you there?')).to.equal(503);
      const { http, headers } = await world.call('/group/create', {
        group: 'New',
        name: 'Ann',
        number: '+14445550199',
      });
      expect({ http, retry: headers.has('retry-after') }).to.deep.equal({ http: 503, retry: true });
    } finally {
      await admin.raw('SET GLOBAL read_only = 0');
    }
    expect(await says('Are you there?')).to.equal(200);
    await world.quiet();
    expect(heard().filter((text) => text === 'Ann: Are you there?')).to.have.length(1);
  });
});
