import { expect } from 'chai';
import { pino } from 'pino';
import { openDb, row, run } from '../../../db/connect.ts';
import { endDoubt, readHeartbeat } from '../../../db/heartbeat.ts';
import { openCarriers } from '../../../engine/carriers/open.ts';
import { keepHeartbeat } from '../../../engine/platform/heartbeat.ts';
import { keys } from '../../../engine/platform/keys.ts';
import { connectRedis } from '../../../engine/platform/redis.ts';
import { RestoredDatabase } from '../../../engine/platform/restored-database.ts';
import type { Runtime } from '../../../engine/platform/runtime.ts';
import { type Gate, openGate } from '../../support/gate.ts';
import { startGroup } from '../../support/group.ts';
import { type, typeJson } from '../../support/operator.ts';
import { startProcess } from '../../support/process.ts';
import { COMPILE_WITHIN_MS, compileProgram } from '../../support/program.ts';
import { until } from '../../support/rows.ts';
import { runtimeWith } from '../../support/runtime.ts';
import { envOf } from '../../support/settings.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('a process on a database that was restored, of which nobody has said so', () => {
  let world: World;
  before(async function () {
    this.timeout(COMPILE_WITHIN_MS);
    await compileProgram();
    world = await openWorld({ workers: true });
  });
  after(() => world.close());
  beforeEach(async () => {
    await endDoubt(world.runtime.db);
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
  /** What a process says that starts; null where it works. `answerMs`: what a carrier has, each time. */
  const start = async (runtime: Runtime = world.runtime, answerMs = 20_000) => {
    const pulse = keepHeartbeat(runtime, { answerMs });
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
  const minutesAgo = (at: Date | undefined) => at && Math.round((Date.now() - at.getTime()) / 60_000);
  const logged = (of: Runtime) => {
    const lines: { level: number; msg: string }[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
    return { runtime: runtimeWith(of, { log }), lines };
  };
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

  for (const [how, break_] of [
    ['fails', (gate: Gate) => gate.cut()],
    ['is late', (gate: Gate) => gate.freeze()],
  ] as const)
    it(`works where the carrier ${how}, says so in one line, and asks again; a Redis that was not emptied tells as well`, async () => {
      const gate = await openGate(world.runtime.config.PLIVO_API_URL);
      break_(gate);
      try {
        await age();
        await world.runtime.redis.del(keys.alive);
        const { runtime, lines } = logged(elsewhere(gate.url));
        expect(await start(runtime, 1_000)).to.equal(null);
        const said = lines.filter(({ level }) => level >= 50);
        expect(said.map(({ msg }) => msg)).to.have.length(1);
        expect(said[0]).to.include({ carrier: 'plivo' });
        expect(said[0]?.msg).to.match(/does not say what was sent/);
        const kept = (await readHeartbeat(world.runtime.db))?.unanswered;
        expect(minutesAgo(kept?.from)).to.equal(55);
        expect(minutesAgo(kept?.until)).to.equal(5);
        // As that left Redis.
        await age();
        expect(await start(runtime)).to.match(/by Redis the system ran at/);
      } finally {
        await gate.close();
      }
    });

  it('asks a carrier that did not answer again, in every process, and ends where it has texts of ours', async () => {
    const { runtime, lines } = logged(world.runtime);
    await sql(
      `UPDATE system_names SET unanswered_from = NOW(3) - INTERVAL 9 HOUR, unanswered_until = NOW(3) - INTERVAL 8 HOUR`,
    );
    expect(await start(elsewhere('http://127.0.0.1:1'))).to.equal(null);
    expect((await readHeartbeat(world.runtime.db))?.unanswered).to.not.equal(null);
    expect(await start(runtime)).to.equal(null);
    expect((await readHeartbeat(world.runtime.db))?.unanswered).to.equal(null);
    expect(lines.filter(({ msg }) => /nothing is lost/.test(msg))).to.have.length(1);

    const { phones, number } = await startGroup(world, ['Cleo', 'Dan']);
    await world.text(phones.Cleo ?? '', number, 'Hello');
    await world.quiet();
    await sql(
      `UPDATE system_names SET unanswered_from = NOW(3) - INTERVAL 1 HOUR, unanswered_until = NOW(3) + INTERVAL 1 MINUTE`,
    );
    let ended = 0;
    const pulse = keepHeartbeat(elsewhere('http://127.0.0.1:1'), { everyMs: 20, onRestored: () => (ended += 1) });
    await pulse.looked;
    expect(await start(runtime)).to.match(/plivo has texts of ours from between/);
    await until('the other ends', async () => ended === 1 || undefined);
  });

  it('does not take for a sign what another process sends that has found none', async () => {
    const gate = await openGate(world.runtime.config.PLIVO_API_URL);
    try {
      const { phones, number } = await startGroup(world, ['Eve', 'Finn']);
      await age();
      await world.runtime.redis.del(keys.alive);
      gate.freeze();
      const slow = keepHeartbeat(elsewhere(gate.url));
      await until('it asks', async () => gate.opened() > 0 || undefined);
      await sql('UPDATE numbers SET phone = CONCAT(phone, "9")');
      expect(await start()).to.equal(null);
      await sql('UPDATE numbers SET phone = LEFT(phone, LENGTH(phone) - 1)');
      await world.text(phones.Eve ?? '', number, 'Good morning');
      await world.quiet();
      gate.open();
      await slow.ready;
      slow.close();
      expect((await readHeartbeat(world.runtime.db))?.doubted).to.equal(false);
    } finally {
      await gate.close();
    }
  });

  it('does not begin before MySQL has told how long it was at rest, and Redis what it knows', async () => {
    const { config } = world.runtime;
    const [toMysql, toRedis] = [await openGate(config.MYSQL_URL), await openGate(config.REDIS_URL)];
    const db = openDb(toMysql.url, { size: 1 });
    const redis = connectRedis(toRedis.url, 'ask');
    redis.on('error', () => undefined);
    try {
      await age();
      await world.runtime.redis.set(keys.alive, Date.now());
      toMysql.cut();
      let isEnded = false;
      let hasLooked = false;
      const runtime = runtimeWith(world.runtime, { db, redis });
      const pulse = keepHeartbeat(runtime, { firstEveryMs: 20, onRestored: () => (isEnded = true) });
      void pulse.looked.then(() => (hasLooked = true));
      await pulse.ready;
      toRedis.cut();
      toMysql.open();
      const tried = toRedis.tried();
      await until('it tries to ask Redis', async () => toRedis.tried() > tried || undefined);
      expect(await isAlive()).to.equal(false);
      toRedis.open();
      await until('it ends', async () => isEnded || undefined);
      expect(hasLooked).to.equal(false);
    } finally {
      redis.disconnect();
      await db.destroy();
      await Promise.all([toMysql.close(), toRedis.close()]);
    }
  });

  it('knows a backup from before heartbeats were kept by a Redis that was not emptied', async () => {
    await sql('UPDATE system_names SET alive_at = NULL');
    // The first start of a release that keeps them.
    expect(await start()).to.equal(null);
    expect(await isAlive()).to.equal(true);
    // A fail-over that lost its first heartbeat.
    await sql('UPDATE system_names SET alive_at = NULL');
    expect(await start()).to.equal(null);
    await sql('UPDATE system_names SET alive_at = NULL');
    await world.runtime.redis.set(keys.alive, Date.now() - 3_600_000);
    expect(await start()).to.match(/it was older than heartbeats/);
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
