import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { COMPILE_WITHIN_MS, compileProgram } from '../support/program.ts';
import { envOf } from '../support/settings.ts';
import { openWorld, type World } from '../support/world.ts';

describe('the process web', () => {
  let world: World;
  before(async function () {
    this.timeout(COMPILE_WITHIN_MS);
    await compileProgram();
    world = await openWorld({ workers: false });
  });
  after(() => world.close());

  const start = (env: Record<string, string>) =>
    spawn(process.execPath, ['dist/api/main.js'], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const settings = (): Record<string, string> => ({
    ...envOf(world.runtime.config),
    PORT: '0',
    LOG_LEVEL: 'info',
  });

  it('ends with code 1 and one line that names every wrong setting', async () => {
    const child = start({ ...settings(), PORT: 'many', MYSQL_URL: '', NUMBER_MPS: '-1' });
    const [errors, code] = await Promise.all([textOf(child.stderr), exitOf(child)]);
    expect(code).to.equal(1);
    expect(errors.trim().split('\n')).to.have.length(1);
    for (const name of ['PORT', 'MYSQL_URL', 'NUMBER_MPS']) expect(errors).to.contain(name);
  });

  it('ends with code 1 and one line when its service number is in the pool already, whichever way it came there', async () => {
    const { SERVICE_NUMBER, NUMBER_POOL } = world.runtime.config;
    const [inPool = ''] = NUMBER_POOL;
    const child = start({ ...settings(), SERVICE_NUMBER: inPool, NUMBER_POOL: SERVICE_NUMBER });
    const [errors, code] = await Promise.all([textOf(child.stderr), exitOf(child)]);
    expect(code).to.equal(1);
    expect(errors.trim().split('\n')).to.have.length(1);
    expect(errors).to.contain('SERVICE_NUMBER is a number of the pool');
  });

  it('ends with code 1 and a line when its port is taken', async () => {
    const child = start({ ...settings(), PORT: new URL(world.url).port });
    const [lines, code] = await Promise.all([textOf(child.stdout), exitOf(child)]);
    expect(code).to.equal(1);
    expect(lines).to.contain('EADDRINUSE');
  });

  it('answers what is running, takes nothing new and ends with code 0 on SIGTERM', async () => {
    const child = start(settings());
    const ended = exitOf(child);
    const port = await portOf(child);
    const running = request({ port, path: '/member/find', method: 'POST', headers: { 'content-length': 9 } });
    running.write('number');
    const [socket] = (await once(running, 'socket')) as [import('node:net').Socket];
    if (socket.connecting) await once(socket, 'connect');
    // An idle connection that is kept alive must not hold the process up.
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).to.equal(200);
    child.kill('SIGTERM');
    await refused(port);
    running.end('=12');
    const [answer] = (await once(running, 'response')) as [import('node:http').IncomingMessage];
    expect(answer.statusCode).to.equal(200);
    expect(await textOf(answer)).to.contain('INVALID_NUMBER');
    // What is held up until its time to stop is over ends with another code.
    expect(await ended).to.equal(0);
  });
});

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const some of stream ?? []) text += String(some);
  return text;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const { port } = JSON.parse(line) as { port?: number };
    if (port !== undefined) {
      child.stdout.resume();
      return port;
    }
  }
  throw new Error('it ended before it listened');
}

/** Until nothing listens any more. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const isOpen = await fetch(`http://127.0.0.1:${port}/healthz`).then(Boolean, () => false);
    if (!isOpen) return;
  }
}
