import { expect } from 'chai';
import { openDb, rows } from '../../../db/connect.ts';
import { migrate } from '../../../db/migrate.ts';
import type { ProcessType } from '../../../engine/platform/runtime.ts';
import { type Gate, openGate } from '../../support/gate.ts';
import { startGroup } from '../../support/group.ts';
import { startProcess, type TestProcess } from '../../support/process.ts';
import { COMPILE_WITHIN_MS, compileProgram } from '../../support/program.ts';
import { until } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

const types: readonly ProcessType[] = ['web', 'fanout', 'sender', 'clock'];

describe('an outage in the log', function () {
  this.timeout(COMPILE_WITHIN_MS);
  let world: World;
  const gates = new Map<string, Gate>();
  const processes = new Map<ProcessType, TestProcess>();
  before(async () => {
    await compileProgram();
    world = await openWorld({ workers: false });
    const { config } = world.runtime;
    gates.set('Redis', await openGate(config.REDIS_URL)).set('MySQL', await openGate(config.MYSQL_URL));
    const through = { ...config, REDIS_URL: gates.get('Redis')?.url ?? '', MYSQL_URL: gates.get('MySQL')?.url ?? '' };
    for (const type of types) processes.set(type, startProcess(type, through));
    for (const [type, one] of processes) await one.said(type === 'web' ? 'the API listens' : 'started');
  });
  after(async () => {
    for (const gate of gates.values()) gate.open();
    await Promise.all([...processes.values()].map((one) => one.end()));
    for (const gate of gates.values()) await gate.close();
    await world.close();
  });

  /** Long enough for every process to have tried again many times. */
  async function manyTries(gate: Gate): Promise<void> {
    const before = gate.tried();
    await until('all have tried to connect again and again', async () => gate.tried() > before + 60);
  }

  for (const server of ['Redis', 'MySQL']) {
    it(`is a line when ${server} goes and one when it is back, in every process, and hardly any other`, async () => {
      const gate = gates.get(server);
      if (gate === undefined) throw new Error('no gate');
      const from = new Map(types.map((type) => [type, processes.get(type)?.lines.length ?? 0]));
      const each = <T>(work: (one: TestProcess, from: number, type: ProcessType) => T) =>
        [...processes].map(([type, one]) => work(one, from.get(type) ?? 0, type));
      const group = await startGroup(world, ['Ann', 'Bob'], { name: `Without ${server}` });
      gate.cut();
      for (let text = 0; text < 5; text++) await world.text(group.phones.Ann ?? '', group.number, `Hello ${text}`);
      await Promise.all(each((one, at) => one.said(new RegExp(`^${server} is unavailable`), at)));
      await manyTries(gate);
      gate.open();
      await Promise.all(each((one, at) => one.said(`${server} is available again`, at)));
      each((one, at, type) => {
        // A text has its line whatever is away.
        const said = one.lines.slice(at).filter(({ level, msg }) => level >= 30 && msg !== 'a message was fanned out');
        const text = said.map(({ msg, err, task }) => JSON.stringify({ msg, task, err })).join('\n');
        expect(said.filter(({ msg }) => msg.startsWith(`${server} is `)).length, `${type}\n${text}`).to.equal(2);
        expect(said.length, `${type}\n${text}`).to.be.at.most(5);
      });
      await world.quiet();
      expect(world.textsTo(group.phones.Bob ?? '').filter(({ text }) => text.startsWith('Ann: Hello'))).to.have.length(
        5,
      );
    });
  }
});

describe('the start of a worker', function () {
  this.timeout(COMPILE_WITHIN_MS);
  let world: World;
  before(async () => {
    await compileProgram();
    world = await openWorld({ workers: false });
  });
  after(() => world.close());

  it('waits for its schema and says so once, while web listens and says what is missing', async () => {
    const empty = `empty_${process.pid}`;
    const admin = openDb(process.env.TEST_MYSQL_URL ?? '', { size: 1 });
    await admin.raw(`CREATE DATABASE ${empty}`);
    const url = new URL(world.runtime.config.MYSQL_URL);
    url.pathname = `/${empty}`;
    const config = { ...world.runtime.config, MYSQL_URL: url.href };
    const db = openDb(url.href, { size: 2 });
    const worker = startProcess('clock', config);
    const web = startProcess('web', config);
    try {
      const { port } = await web.said('the API listens');
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect(ready.status).to.equal(503);
      expect(await ready.json()).to.include({ error_subtype: 'schema' });
      const waits = 'waits for the schema: run the release line of the Procfile';
      await worker.said(waits);
      await migrate(db);
      await worker.said('started');
      expect(worker.lines.filter(({ msg }) => msg === waits)).to.have.length(1);
      const numbers = await rows<{ phone: string }>(db, "SELECT phone FROM numbers WHERE kind = 'pool'");
      expect(numbers.map(({ phone }) => phone)).to.have.members(world.pool);
    } finally {
      await Promise.all([worker.end(), web.end()]);
      await admin.raw(`DROP DATABASE ${empty}`);
      await Promise.all([admin.destroy(), db.destroy()]);
    }
  });
});
