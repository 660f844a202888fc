import { execFile, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { after, afterEach, beforeEach, describe, it } from 'mocha';
import { build } from '../../dev/build.mjs';
import { installPackages } from '../../dev/install.mjs';
import { showSteps } from '../../dev/progress.mjs';
import { until } from '../support/rows.ts';

const place = mkdtempSync(path.join(tmpdir(), 'setup-test-'));
const silent = showSteps({ write: () => {} });
after(() => rmSync(place, { recursive: true, force: true }));

function write(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

describe('the set-up script', () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, ['dev/setup.mjs', ...args]).catch(
      (failed: { code: number; stderr: string }) => failed,
    );

  it('explains itself, with examples', async () => {
    const { stdout } = (await run('--help')) as { stdout: string };
    for (const word of ['start', 'test', 'build', 'npm test -- ']) expect(stdout).to.contain(word);
  });

  it('refuses a command that does not exist and names those that do', async () => {
    for (const args of [['strat'], [], ['constructor']]) {
      const failed = (await run(...args)) as { code: number; stderr: string };
      expect(failed.code).to.equal(2);
      expect(failed.stderr).to.contain('npm start');
    }
  });
});

describe('a process whose starter ends', () => {
  it('is told, though the shell between them passes no signal on', async () => {
    const [said, script] = [path.join(place, 'told'), path.join(place, 'orphan.mjs')];
    const starter = pathToFileURL(path.resolve('dev/starter.mjs')).href;
    writeFileSync(
      script,
      `import { appendFileSync } from 'node:fs';
       import { whenStarterEnds } from '${starter}';
       whenStarterEnds(() => { appendFileSync('${said}', 'told'); process.exit(); });
       appendFileSync('${said}', 'began ');
       setInterval(() => {}, 1000);`,
    );
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${script}"; true`], { stdio: 'ignore' });
    const says = () => (existsSync(said) ? readFileSync(said, 'utf8') : '');
    await until('it has begun', async () => says() === 'began ');
    shell.kill('SIGTERM');
    await until('it is told', async () => says() === 'began told');
  });
});

describe('installing the packages', () => {
  const root = path.join(place, 'packages');
  const npm = path.join(place, 'npm.js');
  const calls = path.join(place, 'calls');
  const before = process.env.npm_execpath;
  const install = () => installPackages(root, silent);
  const count = () => (existsSync(calls) ? readFileSync(calls, 'utf8').length : 0);
  const lock = (version: string) => ({
    'package-lock.json': JSON.stringify({ packages: { '': {}, 'node_modules/one': { version } } }),
  });

  beforeEach(() => {
    process.env.npm_execpath = npm;
    rmSync(calls, { force: true });
    rmSync(root, { recursive: true, force: true });
    write(root, lock('1.0.0'));
    writeFileSync(
      npm,
      `const fs = require('fs');
       fs.appendFileSync(${JSON.stringify(calls)}, 'x');
       fs.rmSync('node_modules', { recursive: true, force: true });
       fs.mkdirSync('node_modules');
       setTimeout(() => fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json'), 100);`,
    );
  });
  afterEach(() => {
    if (before === undefined) delete process.env.npm_execpath;
    else process.env.npm_execpath = before;
  });

  it('happens once, and again when the lock file changes', async () => {
    await install();
    await install();
    expect(count()).to.equal(1);
    write(root, lock('2.0.0'));
    await install();
    expect(count()).to.equal(2);
  });

  it('happens once for two that start at the same time', async () => {
    await Promise.all([install(), install(), install()]);
    expect(count()).to.equal(1);
  });

  it('is left alone when somebody did it by hand, and done when they did it for another version', async () => {
    write(root, { 'node_modules/.package-lock.json': lock('1.0.0')['package-lock.json'] });
    await install();
    expect(count()).to.equal(0);
    write(root, lock('2.0.0'));
    await install();
    expect(count()).to.equal(1);
  });

  it('happens again on another kind of machine, where compiled packages do not run', async () => {
    await install();
    const stamp = path.join(root, 'node_modules', '.installed');
    writeFileSync(stamp, JSON.stringify({ ...JSON.parse(readFileSync(stamp, 'utf8')), machine: 'plan9-mips' }));
    await install();
    expect(count()).to.equal(2);
  });

  it('does not empty the folder of another checkout that node_modules is a link to', async () => {
    mkdirSync(path.join(root, 'other'));
    symlinkSync(path.join(root, 'other'), path.join(root, 'node_modules'));
    const error = await install().catch((failed: Error) => failed);
    expect(error).to.have.property('message').that.contains('is a link');
    expect(count()).to.equal(0);
  });

  it('says what npm said when it fails, and is tried again the next time', async () => {
    const works = readFileSync(npm, 'utf8');
    writeFileSync(npm, "console.error('npm error ENOTFOUND registry'); process.exit(1);");
    const error = await install().catch((failed: Error) => failed);
    expect(error).to.have.property('message').that.contains('ENOTFOUND registry');
    writeFileSync(npm, works);
    await install();
    expect(count()).to.equal(1);
  });
});

describe('building', () => {
  const root = path.join(place, 'build');
  const inDist = (file: string) => existsSync(path.join(root, 'dist', file));
  const settings = {
    'package.json': '{"type":"module"}',
    'package-lock.json': '{}',
    'tsconfig.json': readFileSync('tsconfig.json', 'utf8'),
    'tsconfig.build.json': readFileSync('tsconfig.build.json', 'utf8'),
    'tsconfig.client.json': readFileSync('tsconfig.client.json', 'utf8'),
  };

  beforeEach(() => {
    rmSync(root, { recursive: true, force: true });
    write(root, {
      ...settings,
      'engine/one.ts': "export const one: string = '1';\n",
      'api/page/index.html': '<p>hello</p>',
      'dev/start.ts': 'export {};\n',
      'client/client.ts': "export const url: string = 'http://localhost';\n",
    });
    symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'));
  });

  it('compiles, takes pages and styles along, and does nothing when nothing changed', async () => {
    await build(root, silent);
    expect([inDist('engine/one.js'), inDist('api/page/index.html')]).to.deep.equal([true, true]);
    const first = statSync(path.join(root, 'dist', '.built')).mtimeMs;
    await build(root, silent);
    expect(statSync(path.join(root, 'dist', '.built')).mtimeMs).to.equal(first);
  });

  it('leaves out what is for one machine only, also what an earlier build had made of it', async () => {
    write(root, { 'dist/dev/start.js': '' });
    await build(root, silent);
    expect(inDist('dev/start.js')).to.equal(false);
  });

  it('removes what has no source any more, so that a deleted migration cannot run', async () => {
    write(root, { 'db/migrations/1.ts': 'export {};\n', 'db/migrations/2.ts': 'export {};\n' });
    await build(root, silent);
    rmSync(path.join(root, 'db/migrations/2.ts'));
    await build(root, silent);
    expect([inDist('db/migrations/1.js'), inDist('db/migrations/2.js')]).to.deep.equal([true, false]);
  });

  it('shows what the compiler found, and never counts as done then', async () => {
    write(root, { 'engine/two.ts': "export const two: number = 'two';\n" });
    for (const attempt of ['first', 'second']) {
      const error = await build(root, silent).catch((failed: Error) => failed);
      expect(error, attempt)
        .to.have.property('message')
        .that.matches(/engine\/two\.ts.*TS2322/);
    }
  });
});

describe('progress', () => {
  const longerThanASecond = () => new Promise((resolve) => setTimeout(resolve, 1100));

  it('is shown for what takes longer than a second, and for nothing else', async () => {
    const lines: string[] = [];
    const steps = showSteps({ write: (text) => lines.push(text) });
    steps.begin('Blinking');
    steps.begin('Digging');
    await longerThanASecond();
    steps.end();
    expect(lines[0]).to.equal('Digging …\n');
    expect(lines[1]).to.match(/^Digging: took [1-9]\.\d s\n$/);
    expect(lines).to.have.length(2);
  });

  it('is one line in place on a terminal', async () => {
    let screen = '';
    const steps = showSteps({ isTTY: true, write: (text) => (screen += text) });
    steps.begin('Digging');
    await longerThanASecond();
    steps.drop();
    const again = screen.split('\r\x1b[2K');
    expect([again[0], again.at(-1)]).to.deep.equal(['', '']);
    expect(again.slice(1, -1).join('\n')).to.match(/^Digging … 1 s(\nDigging … \d s)*$/);
  });
});
