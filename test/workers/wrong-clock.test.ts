import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { startGroup } from '../support/group.ts';
import { COMPILE_WITHIN_MS, compileProgram } from '../support/program.ts';
import { envOf } from '../support/settings.ts';
import { openWorkers, type Workers } from '../support/workers.ts';
import { openWorld, type World } from '../support/world.ts';

const wrongClock = pathToFileURL(new URL('../faults/wrong-clock.mjs', import.meta.url).pathname).href;
const BEHIND_MS = 60_000;

describe('a sender whose clock is behind', () => {
  let world: World;
  let workers: Workers;
  let sender: ChildProcessByStdio<null, Readable, null> | undefined;

  before(async function () {
    this.timeout(COMPILE_WITHIN_MS);
    await compileProgram();
    world = await openWorld({ workers: false, env: { NUMBER_MPS: '2' } });
    workers = await openWorkers(world, { senders: 0 });
  });
  after(async () => {
    if (sender !== undefined && sender.exitCode === null) {
      const ended = once(sender, 'exit');
      sender.kill('SIGTERM');
      await ended;
    }
    await workers?.close();
    await world?.close();
  });

  it('sends paced texts no later for it', async () => {
    sender = spawn(process.execPath, ['--import', wrongClock, 'dist/workers/main.js', 'sender'], {
      env: {
        PATH: process.env.PATH,
        ...envOf(world.runtime.config),
        PORT: '0',
        LOG_LEVEL: 'info',
        CLOCK_BY_MS: String(-BEHIND_MS),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const [line] of on(sender.stdout, 'data')) if (String(line).includes('"started"')) break;
    const group = await startGroup(world, ['Ann', 'Bob', 'Cid', 'Dan']);
    await world.text(group.phones.Ann ?? '', group.number, 'On time?');
    // Fails long before what is late by the whole minute.
    await world.quiet();
    for (const name of ['Bob', 'Cid', 'Dan'])
      expect(world.textsTo(group.phones[name] ?? '').at(-1)?.text).to.equal('Ann: On time?');
  });
});
