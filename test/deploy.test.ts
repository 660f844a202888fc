import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { readProcfile } from '../dev/system/procfile.ts';
import { settings } from '../engine/platform/settings.ts';

const root = path.join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const { release = '', processes } = readProcfile(path.join(root, 'Procfile'));
const lines = new Map([
  ['release', release],
  ...processes.map(({ name, command }): [string, string] => [name, command]),
]);
const run = promisify(execFile);

describe('the image', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-image-'));
  before(() => {
    // Says what it was started with.
    writeFileSync(path.join(folder, 'node'), '#!/bin/sh\necho node "$@"\n');
    chmodSync(path.join(folder, 'node'), 0o755);
  });
  after(() => rmSync(folder, { recursive: true }));
  const start = (...words: string[]) =>
    run(path.join(root, 'deploy', 'run'), words, { env: { PATH: `${folder}:${process.env.PATH}` } });

  it('starts each line of the Procfile by its name, and the commands of operators', async () => {
    for (const [name, line] of lines) expect((await start(name)).stdout.trim(), name).to.equal(line);
    expect((await start('admin', 'number', 'pool')).stdout.trim()).to.equal('node dist/workers/admin.js number pool');
  });

  it('names what it can start where it is told nothing of that', async () => {
    for (const words of [[], ['nothing']]) {
      const { code, stderr } = await start(...words).catch((error) => error);
      expect(code).to.equal(2);
      for (const name of lines.keys()) expect(stderr).to.include(name);
    }
  });

  it('runs without rights, is asked whether it is well, and copies files that there are', () => {
    const dockerfile = read('Dockerfile');
    expect(dockerfile)
      .to.match(/^USER node$/m)
      .and.match(/^HEALTHCHECK .*health\.mjs/m)
      .and.match(/^RUN deploy\/build$/m);
    const stage = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    const copied = [...stage.matchAll(/\/app\/(\S+)/g)].map(([, name = '']) => name);
    expect(copied).to.have.members([
      'package.json',
      'Procfile',
      'deploy/run',
      'deploy/health.mjs',
      'node_modules',
      'dist',
    ]);
  });

  it('is every service of compose.yaml, with settings that there are', () => {
    const compose = read('compose.yaml');
    for (const name of lines.keys())
      expect(compose, name).to.match(new RegExp(`^  ${name}:\\n    <<: \\*app\\n    command: ${name}$`, 'm'));
    const environment = /environment: &environment\n((?: {4}\w+: .*\n)+)/.exec(compose)?.[1] ?? '';
    const names = [...environment.matchAll(/^ +(\w+):/gm)].map(([, name = '']) => name);
    expect(names).to.include('MYSQL_URL');
    expect(names.filter((name) => !(name in settings))).to.deep.equal([]);
    expect(compose)
      .to.match(/--maxmemory-policy noeviction/)
      .and.match(/--appendonly yes/);
  });
});
