import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { after, afterEach, before, describe, it } from 'mocha';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { identify, isAlive, type Process } from '../../dev/lock.mjs';
import { findProgram } from '../../dev/stack/find.ts';
import { FolderInUse, openStack, type Stack, type StackOptions } from '../../dev/stack/stack.ts';
import { openState } from '../../dev/stack/state.ts';

const place = mkdtempSync(path.join(tmpdir(), 'stack-test-'));
/** Made once, because making it takes most of the time. */
const folder = path.join(place, 'kept');
const opened: Stack[] = [];

async function open(options: StackOptions = {}): Promise<Stack> {
  const stack = await openStack({ env: {}, ...options });
  opened.push(stack);
  return stack;
}

async function write({ mysqlUrl, redisUrl }: Stack, word: string): Promise<void> {
  const mysql = await createConnection(mysqlUrl);
  await mysql.query('CREATE TABLE IF NOT EXISTS words (word VARCHAR(20))');
  await mysql.query('INSERT INTO words VALUES (?)', [word]);
  await mysql.end();
  const redis = new Redis(redisUrl);
  await redis.rpush('words', word);
  await redis.quit();
}

async function read({ mysqlUrl, redisUrl }: Stack): Promise<{ mysql: string[]; redis: string[] }> {
  const mysql = await createConnection(mysqlUrl);
  const [rows] = await mysql.query<RowDataPacket[]>('SELECT word FROM words');
  await mysql.end();
  const redis = new Redis(redisUrl);
  const words = await redis.lrange('words', 0, -1);
  await redis.quit();
  return { mysql: rows.map(({ word }) => word), redis: words };
}

async function refusal(opening: Promise<Stack>): Promise<Error> {
  return opening.then(
    () => expect.fail('the stack opened'),
    (error: Error) => error,
  );
}

describe('the servers of one machine', () => {
  afterEach(async () => {
    for (const stack of opened.splice(0)) await stack.close();
  });
  after(() => rmSync(place, { recursive: true, force: true }));

  it('keep their data and their address from one start to the next', async () => {
    const first = await open({ folder });
    await write(first, 'hello');
    await first.close();
    const second = await open({ folder });
    expect(second.mysqlUrl).to.equal(first.mysqlUrl);
    expect(second.redisUrl).to.equal(first.redisUrl);
    expect(await read(second)).to.deep.equal({ mysql: ['hello'], redis: ['hello'] });
    expect(statSync(folder).mode & 0o777, 'for its owner alone').to.equal(0o700);
  });

  it('are set up as the program needs them', async () => {
    const stack = await open();
    const mysql = await createConnection(stack.mysqlUrl);
    const [[row]] = await mysql.query<RowDataPacket[]>(
      "SELECT @@global.time_zone zone, @@character_set_server charset, @@max_connections most, CONCAT('🎉') party",
    );
    await mysql.query('CREATE DATABASE another');
    await mysql.end();
    expect(row).to.deep.equal({ zone: '+00:00', charset: 'utf8mb4', most: 200, party: '🎉' });
    const redis = new Redis(stack.redisUrl);
    expect(await redis.config('GET', 'maxmemory-policy')).to.deep.equal(['maxmemory-policy', 'noeviction']);
    expect(await redis.config('GET', 'appendonly')).to.deep.equal(['appendonly', 'yes']);
    await redis.quit();
  });

  it('run side by side, and a throw-away folder leaves nothing behind', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    await write(one, 'one');
    await write(other, 'other');
    expect(await read(one)).to.deep.equal({ mysql: ['one'], redis: ['one'] });
    expect(await read(other)).to.deep.equal({ mysql: ['other'], redis: ['other'] });
    const servers = [one.database, one.redis].map((server) => identify(server?.pid ?? 0));
    await one.close();
    await other.close();
    expect(servers.filter(isAlive)).to.deep.equal([]);
    expect(throwAways()).to.deep.equal([]);
  });

  it('come back at the same address after they were killed or frozen', async () => {
    const stack = await open({ folder });
    await write(stack, 'before');
    await stack.database?.kill();
    await stack.redis?.kill();
    expect([stack.database?.pid, stack.redis?.pid]).to.deep.equal([undefined, undefined]);
    await Promise.all([stack.database?.start(), stack.redis?.start()]);
    await write(stack, 'after');
    await stack.database?.kill('SIGSTOP');
    await stack.database?.kill('SIGCONT');
    expect((await read(stack)).mysql).to.include.members(['before', 'after']);
    await stack.redis?.kill('SIGSTOP');
    await stack.close();
  });

  it('end with a parent that was killed, and the next start finds what it had written', async () => {
    const parent = await startParent(folder);
    await parent.kill();
    const next = await open({ folder });
    expect(parent.servers.filter(isAlive)).to.deep.equal([]);
    await write(next, 'next');
    expect((await read(next)).mysql).to.include.members(['hello', 'next']);
  });

  it('end a server that outlived its parent, and nobody else who has its old process id', async () => {
    const sleepers = [spawn('sleep', ['60']), spawn('sleep', ['60'])].map(({ pid }) => identify(pid ?? 0));
    const [leftover, stranger] = sleepers as [Process, Process];
    const state = openState(folder);
    await state.address('mariadb');
    state.started('mariadb', leftover);
    await state.address('redis');
    state.started('redis', { ...stranger, birth: 'another time' });
    await open({ folder });
    expect([isAlive(leftover), isAlive(stranger)]).to.deep.equal([false, true]);
    process.kill(stranger.pid);
  });

  it('refuse a folder that another process has open, and name it', async () => {
    await open({ folder });
    const error = await refusal(openStack({ folder, env: {} }));
    expect(error).to.be.instanceOf(FolderInUse);
    expect(error.message).to.contain(`process ${process.pid}`);
  });

  it('do not trust a half-made data folder', async () => {
    const half = path.join(place, 'half');
    mkdirSync(path.join(half, 'mariadb.half-made', 'mysql'), { recursive: true });
    writeFileSync(path.join(half, 'mariadb.half-made', 'ibdata1'), 'broken');
    writeFileSync(path.join(half, 'servers.json'), '{"mariadb":{"po');
    const stack = await open({ folder: half });
    await write(stack, 'whole');
    expect(readdirSync(half)).not.to.contain('mariadb.half-made');
  });

  it('move to another port when somebody has taken theirs', async () => {
    const first = await open({ folder });
    await first.close();
    const squatter = createServer().listen(Number(new URL(first.mysqlUrl).port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await open({ folder });
    squatter.close();
    expect(second.mysqlUrl).not.to.equal(first.mysqlUrl);
    expect((await read(second)).mysql).to.include('hello');
  });

  it('show the end of the log of a server that does not start', async () => {
    const broken = path.join(place, 'broken-mariadbd');
    writeFileSync(broken, '#!/bin/sh\necho "[ERROR] the disk is full"\nexit 1\n', { mode: 0o755 });
    const error = await refusal(
      openStack({ folder, env: {}, find: (program) => (program === 'mariadbd' ? broken : findProgram(program)) }),
    );
    expect(error.message)
      .to.match(/MariaDB ended right after its start/)
      .and.contain('the disk is full');
  });

  it('name three ways out where nothing is installed and nothing can be', async () => {
    const error = await refusal(openStack({ env: {}, find: () => undefined }));
    expect(error.message).to.match(/MariaDB and Redis/);
    for (const way of ['apt-get install', 'brew install', 'Docker', 'MYSQL_URL=', 'REDIS_URL=']) {
      expect(error.message).to.contain(way);
    }
  });

  describe('that are MySQL', () => {
    const cache = process.env.XDG_CACHE_HOME;
    // One that was fetched before is not to be found here.
    before(() => {
      process.env.XDG_CACHE_HOME = path.join(place, 'no-cache');
    });
    after(() => {
      if (cache === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = cache;
    });

    it('name the ways to one, where that is wanted in place of MariaDB', async () => {
      const error = await refusal(openStack({ env: {}, database: 'mysql', find: () => undefined }));
      for (const way of ['MySQL and Redis', 'mysql-server-core', 'mysql@8.4', 'Docker', 'TEST_MYSQL_URL=']) {
        expect(error.message).to.contain(way);
      }
    });

    it('take no MariaDB for a MySQL, by whatever name it comes', async () => {
      const mysqld = path.join(place, 'mysqld');
      writeFileSync(mysqld, '#!/bin/sh\necho "mysqld  Ver 10.11.6-MariaDB"\n', { mode: 0o755 });
      const find = (program: string) => (program === 'mysqld' ? mysqld : undefined);
      const error = await refusal(openStack({ env: {}, database: 'mysql', find }));
      expect(error.message).to.contain('MySQL and Redis not found');
    });
  });

  describe('that somebody else runs', () => {
    let theirs: Stack;
    before(async () => {
      theirs = await openStack({ env: {} });
    });
    after(() => theirs.close());

    it('are used as they are, each by itself, and left running', async () => {
      const both = await open({
        env: { MYSQL_URL: theirs.mysqlUrl, REDIS_URL: theirs.redisUrl },
        find: () => undefined,
      });
      expect(both.mysqlUrl).to.equal(theirs.mysqlUrl);
      expect([both.database, both.redis]).to.deep.equal([undefined, undefined]);
      const one = await open({ env: { MYSQL_URL: theirs.mysqlUrl } });
      expect(one.mysqlUrl).to.equal(theirs.mysqlUrl);
      expect(one.redisUrl).not.to.equal(theirs.redisUrl);
      await both.close();
      await one.close();
      await write(theirs, 'still here');
    });

    it('are named when they do not let us in, without the password', async () => {
      const wrong = theirs.mysqlUrl.replace(/:[0-9a-f]{30,}@/, ':wrong-secret@');
      const error = await refusal(openStack({ env: { MYSQL_URL: wrong } }));
      expect(error.message).to.match(/^MYSQL_URL is set, but .*Access denied/);
      expect(error.message).not.to.contain('wrong-secret');
      const nobody = await refusal(openStack({ env: { REDIS_URL: 'redis://127.0.0.1:1' }, find: () => undefined }));
      expect(nobody.message).to.match(/^REDIS_URL is set, but /);
    });

    it('can be containers', async () => {
      const docker = path.join(place, 'docker');
      writeFileSync(docker, dockerStandIn(path.join(place, 'docker.pid')), { mode: 0o755 });
      const find = (program: string) => (program === 'docker' ? docker : undefined);
      const stack = await open({ env: { MYSQL_URL: theirs.mysqlUrl }, find });
      await stack.redis?.kill();
      await stack.redis?.start();
      await write(stack, 'contained');
      const { pid } = stack.redis ?? {};
      await stack.close();
      expect(isAlive(identify(pid ?? 0))).to.equal(false);
    });

    it('need an engine that answers, where docker is installed', async () => {
      const docker = path.join(place, 'docker-without-engine');
      writeFileSync(docker, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      const find = (program: string) => (program === 'docker' ? docker : undefined);
      const error = await refusal(openStack({ env: {}, find }));
      expect(error.message).to.contain('its engine does not answer');
    });
  });
});

/** The throw-away folders of this process: others may be testing at the same time. */
function throwAways(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('group-texting-stack-'))
    .filter((name) => existsSync(path.join(tmpdir(), name, 'lock')))
    .filter((name) => JSON.parse(readFileSync(path.join(tmpdir(), name, 'lock'), 'utf8')).pid === process.pid);
}

/** Another process that has a stack open. */
async function startParent(folder: string): Promise<{ kill(): Promise<void>; servers: Process[] }> {
  const file = path.join(place, 'parent.mts');
  const stack = path.resolve('dev/stack/stack.ts');
  writeFileSync(
    file,
    `import { openStack } from ${JSON.stringify(stack)};
     const stack = await openStack({ folder: process.argv[2], env: {} });
     process.send({ servers: [stack.database.pid, stack.redis.pid] });
     setInterval(() => {}, 1000);`,
  );
  const parent = spawn(process.execPath, ['--import', 'tsx', file, folder], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [{ servers }] = (await once(parent, 'message')) as [{ servers: number[] }];
  const kill = async () => {
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  };
  return { kill, servers: servers.map(identify) };
}

/** Enough of docker for a Redis: the container is a process of this machine, whose client passes SIGTERM on. */
const dockerStandIn = (pidFile: string): string => `#!/bin/sh
case "$1" in
  version | image) exit 0 ;;
  rm) exit 0 ;;
  kill) kill -s "\${3#SIG}" "$(cat ${pidFile})" ;;
  run)
    while [ "$1" != --publish ]; do shift; done
    port=\${2#127.0.0.1:}
    echo $$ > ${pidFile}
    cd "$(mktemp -d ${place}/container-XXXXXX)"
    while [ "$1" != sh ]; do shift; done
    exec sh -c "$3 --port \${port%:*}"
    ;;
esac
`;
