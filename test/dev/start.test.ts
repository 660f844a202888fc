import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { after, afterEach, describe, it } from 'mocha';
import { identify, isAlive } from '../../dev/lock.mjs';
import { type Guard, openGuard } from '../../dev/stack/guard.ts';
import { openScreen } from '../../dev/start/screen.ts';
import { openProcesses, type Processes, runLine } from '../../dev/system/processes.ts';
import { readProcfile } from '../../dev/system/procfile.ts';
import { choosePorts, composeEnv, keepSecrets } from '../../dev/system/settings.ts';

const place = mkdtempSync(path.join(tmpdir(), 'start-test-'));
after(() => rmSync(place, { recursive: true, force: true }));

describe('the Procfile', () => {
  const file = path.join(place, 'Procfile');

  it('has one release line and the process types, in their order', () => {
    writeFileSync(
      file,
      '# what runs\nrelease: node migrate.js\n\nweb:  node api.js --port 1:2\nclock: node clock.js\n',
    );
    expect(readProcfile(file)).to.deep.equal({
      release: 'node migrate.js',
      processes: [
        { name: 'web', command: 'node api.js --port 1:2' },
        { name: 'clock', command: 'node clock.js' },
      ],
    });
  });

  it('is refused with the line that is none', () => {
    writeFileSync(file, 'web: node api.js\nwhatever\n');
    expect(() => readProcfile(file)).to.throw('whatever');
  });

  it('of this project names every process of the product', () => {
    const { release, processes } = readProcfile('Procfile');
    expect(release).to.be.a('string');
    expect(processes.map(({ name }) => name)).to.deep.equal(['web', 'fanout', 'sender', 'clock']);
  });
});

describe('the screen of npm start', () => {
  const record = (level: number, more = {}) =>
    JSON.stringify({ level, time: 0, pid: 1, hostname: 'here', msg: 'text accepted', ...more });
  const rows: [string, { line: string; verbose: boolean }, RegExp | undefined][] = [
    ['hides what went well', { line: record(30), verbose: false }, undefined],
    [
      'shows it when asked',
      { line: record(30, { group: 7 }), verbose: true },
      /^web +\| \S+ info text accepted group=7\n$/,
    ],
    ['shows a warning', { line: record(40), verbose: false }, /warn text accepted\n$/],
    [
      'shows when it was',
      { line: record(40, { time: '2030-01-02T03:04:05.678Z' }), verbose: false },
      /^web +\| \d\d:\d\d:05 warn/,
    ],
    [
      'shows why',
      { line: record(50, { err: { message: 'no route' } }), verbose: false },
      /error text accepted no route\n$/,
    ],
    ['shows what is no record', { line: 'Segmentation fault', verbose: false }, /^web +\| Segmentation fault\n$/],
    ['shows JSON that is no record', { line: '{"a":1}', verbose: false }, /\{"a":1\}\n$/],
    ['hides empty lines', { line: '  ', verbose: true }, undefined],
  ];
  for (const coloured of [false, true]) {
    for (const [name, { line, verbose }, expected] of rows) {
      it(`${name}${coloured ? ', in colours' : ''}`, () => {
        let written = '';
        openScreen({ verbose, write: (text) => (written += text), coloured })('web', line);
        if (expected === undefined) expect(written).to.equal('');
        else expect(stripVTControlCharacters(written)).to.match(expected);
      });
    }
  }
});

describe('the settings of npm start', () => {
  const servers = { mysqlUrl: 'mysql://private', redisUrl: 'redis://private' };
  const made = { secrets: keepSecrets(place), ports: { PORT: '3000', SIMULATOR_PORT: '4000' }, servers, folder: place };

  it('keep their made-up secrets', () => {
    expect(keepSecrets(place)).to.deep.equal(made.secrets);
    expect(new Set(Object.values(made.secrets)).size).to.equal(3);
  });

  it('are whole without a single variable set, and have no speed limit and no budget with the simulator', () => {
    const { env, simulated } = composeEnv({ env: {}, ...made });
    expect(simulated).to.equal(true);
    expect(env).to.include({
      PORT: '3000',
      HOST: '127.0.0.1',
      PUBLIC_URL: 'http://127.0.0.1:3000',
      WEBHOOK_BASE: 'http://127.0.0.1:3000',
      PLIVO_API_URL: 'http://127.0.0.1:4000',
      MYSQL_URL: 'mysql://private',
      NUMBER_MPS: '0',
      ACCOUNT_MPS: '0',
      FIRST_TEXTS_PER_PHONE: '0',
      FIRST_TEXTS_PER_ADDRESS: '0',
      FIRST_TEXTS_PER_MEMBER: '0',
      FIRST_TEXTS_PER_PREFIX: '0',
      FIRST_TEXTS_PER_HOUR: '0',
    });
    expect(env.NUMBER_POOL?.split(',')).to.have.length(10).and.not.include(env.SERVICE_NUMBER);
  });

  it('give way to the variables that are set, and an empty one is not set', () => {
    const set = { NUMBER_MPS: '2', FIRST_TEXTS_PER_HOUR: '5', PUBLIC_URL: 'https://us.example', HOST: '' };
    const { env } = composeEnv({ env: set, ...made });
    expect(env).to.include({
      NUMBER_MPS: '2',
      FIRST_TEXTS_PER_HOUR: '5',
      WEBHOOK_BASE: 'https://us.example',
      HOST: '127.0.0.1',
    });
  });

  it('make up no numbers and lift no limit for a real carrier', () => {
    const { env, simulated } = composeEnv({ env: { PLIVO_API_URL: 'https://api.plivo.com' }, ...made });
    expect(simulated).to.equal(false);
    expect(Object.keys(env).filter((name) => name.startsWith('FIRST_TEXTS_'))).to.deep.equal([]);
    expect(env).not.to.have.any.keys('NUMBER_MPS', 'ACCOUNT_MPS', 'SERVICE_NUMBER', 'NUMBER_POOL', 'WEBHOOK_BASE');
  });

  it('refuse a port that is taken or none, and pass over a taken one that nobody asked for', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const PORT = String((squatter.address() as AddressInfo).port);
    for (const [wanted, message] of [
      [PORT, /is taken by another program/],
      ['abc', /is no port/],
      ['70000', /is no port/],
    ] as const) {
      const error = await choosePorts({ PORT: wanted }).catch((refused: Error) => refused);
      expect(error, wanted).to.be.instanceOf(Error).with.property('message').that.matches(message);
    }
    squatter.close();
    expect(Number((await choosePorts({})).PORT)).to.be.at.least(3000);
  });
});

describe('the processes of npm start', () => {
  const guards: Guard[] = [];
  const opened: Processes[] = [];
  const said: string[] = [];
  afterEach(async () => {
    for (const processes of opened.splice(0)) await processes.stop();
    for (const guard of guards.splice(0)) guard.dismiss();
    said.length = 0;
  });

  function gather(onRestart = () => {}): Processes {
    const processes = openProcesses({ ...options(), onRestart });
    opened.push(processes);
    return processes;
  }

  function options() {
    const guard = openGuard();
    guards.push(guard);
    return { root: place, env: process.env, guard, say: (name: string, line: string) => said.push(`${name}: ${line}`) };
  }

  it('are started again when they die', async () => {
    const restarted = new Promise<void>((resolve) => {
      const processes = gather(resolve);
      processes.start({ name: 'web', command: 'sleep 60' });
      processes.keepRunning();
      process.kill(processes.pids().web ?? 0, 'SIGKILL');
    });
    await restarted;
    expect(said).to.deep.equal(['web: web was ended by SIGKILL. It starts again in 1 s.']);
    expect(opened[0]?.pids()).to.have.key('web');
  });

  it('are given up at once when one dies while they start', async () => {
    const processes = gather();
    processes.start({ name: 'clock', command: 'false' });
    const error = await processes.lost.catch((lost: Error) => lost);
    expect(error)
      .to.have.property('message')
      .that.matches(/^clock ended with code 1 before everything was up/);
  });

  it('stop in order, and none comes back', async () => {
    const processes = gather();
    processes.keepRunning();
    processes.start({ name: 'simulator', command: 'sleep 60' });
    processes.start({ name: 'web', command: 'sleep 60' });
    const [simulator, web] = [processes.pids().simulator, processes.pids().web].map((pid) => identify(pid ?? 0));
    if (simulator === undefined || web === undefined) expect.fail('not started');
    await processes.stop(['simulator']);
    expect([isAlive(simulator), isAlive(web)]).to.deep.equal([true, false]);
    await processes.stop();
    expect(isAlive(simulator)).to.equal(false);
  });

  it('say what they have to say, and the release line answers with its code', async () => {
    const code = await runLine({ name: 'release', command: "sh -c 'echo two; exit 3'" }, options());
    expect(code).to.equal(3);
    expect(said).to.deep.equal(['release: two']);
  });
});
