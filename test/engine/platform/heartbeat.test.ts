import { expect } from 'chai';
import { row, run } from '../../../db/connect.ts';
import { openCarriers } from '../../../engine/carriers/open.ts';
import { keepHeartbeat } from '../../../engine/platform/heartbeat.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { RestoredDatabase } from '../../../engine/platform/restored-database.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';
import { startGroup } from '../../support/group.ts';
import { type, typeJson } from '../../support/operator.ts';
import { startProcess } from '../../support/process.ts';
import { until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { envOf } from '../../support/settings.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('a process on a database that was restored, of which nobody has said so', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ workers: true });
  });
  after(() => world.close());
  beforeEach(async () => {
    await sql('UPDATE system_names SET alive_at = NOW(3), doubted_at = NULL');
    await world.runtime.redis.del(keys.alive);
  });

  const sql = (statement: string) => run(world.runtime.db, statement);
  /** As a backup of an hour ago has it. */
  const age = async () => {
    await sql('UPDATE system_names SET alive_at = NOW(3) - INTERVAL 1 HOUR');
    await sql('UPDATE messages SET accepted_at = accepted_at - INTERVAL 1 HOUR');
    await sql('UPDATE inbound_texts SET received_at = received_at - INTERVAL 1 HOUR');
    await sql('UPDATE deliveries SET sent_at = sent_at - INTERVAL 1 HOUR');
  };
  /** What a process says that starts; null where it works. */
  const start = async (runtime: Runtime = world.runtime) => {
    const pulse = keepHeartbeat(runtime);
    const why = await pulse.ready.then(
      () => null,
      (error: unknown) => (error instanceof RestoredDatabase ? error.message : Promise.reject(error)),
    );
    pulse.close();
    return why;
  };
  const isAlive = async () =>
    (
      await row<{ n: number }>(
        world.runtime.db,
        'SELECT COUNT(*) AS n FROM system_names WHERE alive_at > NOW(3) - INTERVAL 1 MINUTE',
      )
    )?.n === 1;
  const elsewhere = (apiUrl: string) =>
    runtimeWith(world.runtime, {
      carriers: openCarriers({ ...world.runtime.config, PLIVO_API_URL: apiUrl }, { setUp: ['plivo'], main: 'plivo' }),
    });

  it('works on a new database, and on one that was at rest for an hour in which nothing was sent', async () => {
    expect(await start()).to.equal(null);
    await age();
    await world.runtime.redis.del(keys.alive);
    expect(await start()).to.equal(null);
    expect(await isAlive()).to.equal(true);
    expect(Number(await world.runtime.redis.get(keys.alive))).to.be.above(0);
  });

  it('does not work where the carrier has texts of ours from after it, until somebody has said what happened', async () => {
    const env = envOf(world.runtime.config);
    const { phones, number } = await startGroup(world, ['Ann', 'Bob']);
    await world.text(phones.Ann ?? '', number, 'Hello');
    await world.quiet();
    await age();
    await world.runtime.redis.del(keys.alive);
    expect(await start())
      .to.match(/restored from a backup \(.*plivo has texts of ours.*run admin database restored/)
      .and.not.contain('\n');
    // It is known from then on, and no carrier is asked.
    expect(await start(elsewhere('http://127.0.0.1:1'))).to.match(/a process has found so/);
    expect((await type('database moved --dry-run', env)).code).to.equal(0);
    expect(await start()).to.match(/a process has found so/);
    expect(await typeJson('database moved --reason "sent by hand" --yes', env)).to.include({ moved: true });
    expect(await start()).to.equal(null);

    await age();
    await world.runtime.redis.del(keys.alive);
    expect(await start()).to.match(/plivo has texts of ours/);
    await typeJson(`database restored --stopped ${new Date(Date.now() + 1_000).toISOString()} --yes`, env);
    expect(await start()).to.equal(null);
  });

  it('ends in one line and with code 1, of whatever type it is', async () => {
    await sql('UPDATE system_names SET doubted_at = NOW(3)');
    const ends = (['web', 'sender'] as const).map(async (one) => {
      const process = startProcess(one, world.runtime.config);
      expect(await process.ended).to.equal(1);
      expect(process.lines.filter(({ msg }) => /admin database restored/.test(msg))).to.have.length(1);
      expect(process.lines.filter(({ msg }) => msg === 'started' || msg === 'the API listens')).to.have.length(0);
    });
    await Promise.all(ends);
  }).timeout(90_000);

  it('takes texts from numbers that are not ours for those of another system', async () => {
    await sql('UPDATE numbers SET phone = CONCAT(phone, "9")');
    await age();
    await world.runtime.redis.del(keys.alive);
    expect(await start()).to.equal(null);
    await sql('UPDATE numbers SET phone = LEFT(phone, LENGTH(phone) - 1)');
  });

  it('works where the carrier does not answer; a Redis that was not emptied tells as well', async () => {
    await age();
    await world.runtime.redis.del(keys.alive);
    const away = elsewhere('http://127.0.0.1:1');
    expect(await start(away)).to.equal(null);
    // As that left Redis.
    await age();
    expect(await start(away)).to.match(/by Redis the system ran at/);
  });

  it('works after a fail-over that lost seconds', async () => {
    expect(await start()).to.equal(null);
    await sql('UPDATE system_names SET alive_at = NOW(3) - INTERVAL 1 MINUTE');
    expect(await start()).to.equal(null);
  });

  it('ends where MySQL is restored under it', async () => {
    let ended = 0;
    const pulse = keepHeartbeat(world.runtime, { everyMs: 20, onRestored: () => (ended += 1) });
    await pulse.ready;
    await age();
    await until('it ends', async () => ended === 1 || undefined);
    expect(await start()).to.match(/a process has found so/);
  });
});
