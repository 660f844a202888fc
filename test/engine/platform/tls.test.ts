import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { openDb, row, TlsFailed } from '../../../db/connect.ts';
import { migrate } from '../../../db/migrate.ts';
import type { Config } from '../../../engine/platform/config.ts';
import { openRuntime } from '../../../engine/platform/runtime.ts';
import { admin } from '../../../workers/admin.ts';
import { startGroup } from '../../support/group.ts';
import { COMPILE_WITHIN_MS, compileProgram } from '../../support/program.ts';
import { certificate, openSecureServers, type SecureServers } from '../../support/secure-servers.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('servers that are reached by TLS alone, with certificates of their own authority', () => {
  let servers: SecureServers;
  let world: World;
  before(async function () {
    this.timeout(COMPILE_WITHIN_MS);
    await compileProgram();
    servers = await openSecureServers();
    const db = openDb(servers.mysqlUrl, { size: 2 });
    await migrate(db);
    await db.destroy();
    world = await openWorld({ env: { MYSQL_URL: servers.mysqlUrl, REDIS_URL: servers.redisUrl } });
  });
  after(async () => {
    await world?.close();
    await servers?.close();
  });

  const releaseOf = (url: string) =>
    promisify(execFile)(process.execPath, ['dist/db/migrate.js'], {
      env: { ...process.env, MYSQL_URL: url },
    });
  const adminOf = async (url: string) => {
    let said = '';
    const say = (text: string) => {
      said += text;
    };
    const code = await admin(['books', '--json'], { MYSQL_URL: url }, { out: say, err: say });
    return { code, said };
  };
  const refusalBy = async (url: string) => {
    const db = openDb(url, { size: 1 });
    const error = await row(db, 'SELECT 1').catch((thrown) => thrown);
    await db.destroy();
    expect(error).to.be.instanceOf(TlsFailed);
    return (error as Error).message;
  };
  /** What a process says first, which gets these addresses. */
  const startWith = async (addresses: Partial<Config>) => {
    const lines: string[] = [];
    const write = process.stdout.write;
    process.stdout.write = ((line: string) => lines.push(line) > 0) as typeof write;
    try {
      const runtime = await openRuntime(
        { ...world.runtime.config, ...addresses, LOG_LEVEL: 'error' },
        { process: 'web' },
      );
      await runtime.close();
    } finally {
      process.stdout.write = write;
    }
    return lines.join('');
  };
  const withAuthority = (url: string, name: string) =>
    url.replace(/\?ca=.*/, `?ca=${encodeURIComponent(certificate(name))}`);

  const publicOnly = (url: string) => url.replace(/\?ca=.*/, '');

  it('carry a text to its group, a release and the commands of an operator', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob']);
    expect(await world.text(phones.Ann ?? '', number, 'Hello')).to.equal(200);
    await world.quiet();
    expect(world.textsTo(phones.Bob ?? '').map(({ text }) => text)).to.include('Ann: Hello');
    expect((await releaseOf(servers.mysqlUrl)).stdout).to.equal('The schema is current.\n');
    expect((await adminOf(servers.mysqlUrl)).code).to.equal(0);
  });

  it('are refused in one sentence where another authority is trusted, or only the public ones', async () => {
    const says = /^TLS with MySQL failed \([^\n]*certificate[^\n]*\): MYSQL_URL must name [^\n]* \?ca=FILE/;
    expect(await refusalBy(publicOnly(servers.mysqlUrl))).to.match(says);
    const wrong = withAuthority(servers.mysqlUrl, 'other-ca');
    expect(await refusalBy(wrong)).to.match(says);
    const { code, said } = await adminOf(wrong);
    expect({ code, lines: said.split('\n').length }).to.deep.equal({ code: 1, lines: 2 });
    expect(said).to.match(says);
    const { stderr } = await releaseOf(wrong).catch((error) => error);
    expect(stderr).to.match(/^The migration failed: TLS with MySQL failed /);
    expect(await startWith({ MYSQL_URL: wrong })).to.match(/"TLS with MySQL failed /);
    for (const url of [withAuthority(servers.redisUrl, 'other-ca'), publicOnly(servers.redisUrl)])
      expect(await startWith({ REDIS_URL: url })).to.match(
        /"TLS with Redis failed \(.*certificate.*\): REDIS_URL must name /,
      );
  });

  it('are trusted by REDIS_TLS_CA as well, and by REDIS_TLS_VERIFY=0, which is said out loud', async () => {
    const url = publicOnly(servers.redisUrl);
    const pem = readFileSync(certificate('ca'), 'utf8').replaceAll('\n', '\\n');
    expect(await startWith({ REDIS_URL: url, REDIS_TLS_CA: pem })).to.equal('');
    expect(await startWith({ REDIS_URL: url, REDIS_TLS_VERIFY: false })).to.match(
      /"REDIS_TLS_VERIFY is 0: the certificate/,
    );
    expect(await startWith({ REDIS_URL: url })).to.match(/"TLS with Redis failed/);
  });

  it('are refused where their certificates are for another host', async () => {
    await servers.asElsewhere(async () => {
      expect(await refusalBy(servers.mysqlUrl)).to.match(
        /^TLS with MySQL failed \(.*elsewhere\.example\): MYSQL_URL must name /,
      );
      expect(await startWith({ REDIS_URL: servers.redisUrl })).to.match(
        /"TLS with Redis failed \(.*elsewhere\.example\)/,
      );
    });
    expect((await adminOf(servers.mysqlUrl)).code).to.equal(0);
  });
});

describe('a MySQL without TLS', () => {
  it('is refused in one sentence where the address asks for TLS', async () => {
    // Both servers of the tests have certificates of their own, which nobody signed, or none.
    const url = new URL((process.env.TEST_MYSQL_URL ?? '').replace(/^mysql:/, 'mysqls:'));
    url.hostname = 'localhost';
    const db = openDb(url.href, { size: 1 });
    const error = await row(db, 'SELECT 1').catch((thrown) => thrown);
    await db.destroy();
    expect(error).to.be.instanceOf(TlsFailed);
    expect((error as Error).message).to.match(
      /^MySQL offers no TLS: turn it on|^TLS with MySQL failed \(self-signed certificate/,
    );
  });
});
