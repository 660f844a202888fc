import { expect } from 'chai';
import { DatabaseUnavailable, openDb, row } from '../db/connect.ts';
import type { Text } from '../dev/simulator/log.ts';
import { faults } from './faults/cases/index.ts';
import { type Copies, gatherCopies } from './faults/copies.ts';
import { type Fixture, openFixture } from './faults/fixture.ts';
import { openRandom } from './faults/random.ts';
import { recoveriesOf } from './faults/recovery.ts';
import { listenToReports, type Reports } from './faults/reports.ts';
import { type Result, runFault } from './faults/round.ts';
import { doStep } from './faults/steps.ts';
import { openGate } from './support/gate.ts';
import { compileProgram } from './support/program.ts';

/** The short form of `npm run test:faults`: real processes and servers, a few strikes each. */
describe('while people text', function () {
  // Longer than the patience with the last texts.
  this.timeout(240_000);
  const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const database = process.env.FAULTS_DATABASE;
  let fixture: Fixture;
  let reports: Reports;
  let copies: () => Copies;

  before(async () => {
    const root = process.cwd();
    await compileProgram();
    const settings = { NUMBER_MPS: '10', ACCOUNT_MPS: '100' };
    const shape = { groups: 3, members: 8, paced: true, settings, ...(database === undefined ? {} : { database }) };
    fixture = await openFixture({ root, seed, ...shape, onProgress: () => {} });
    reports = await listenToReports(fixture);
    copies = gatherCopies(fixture);
  });
  after(async () => {
    reports?.stop();
    const ended = (await fixture?.close()) ?? [];
    expect(ended.filter(({ how, ms }) => how !== 'code 0' || ms > 10_000)).to.deep.equal([]);
  });

  async function strike(name: string, times: number): Promise<Result> {
    const fault = faults.find((one) => one.name === name);
    if (fault === undefined) throw new Error(`there is no fault ${name}`);
    return runFault(fixture, fault, {
      times,
      random: openRandom(seed),
      rate: 4,
      reports,
      copies,
      onProgress: () => {},
    });
  }

  for (const [name, times, what] of [
    ['kill-all', 1, 'every process is killed at once'],
    ['redis-empty', 1, 'Redis is killed and comes back without any data'],
    ...(database?.includes('://') ? [] : [['mysql-kill', 1, 'MySQL is killed and comes back'] as const]),
  ] as const) {
    it(`${what}: no text is lost, none comes twice (seed ${seed})`, async () => {
      const { accepted, lost, doubled, strayed, broken } = await strike(name, times);
      expect({ lost, doubled, strayed, broken }).to.deep.equal({ lost: 0, doubled: 0, strayed: 0, broken: [] });
      expect(accepted).to.be.greaterThan(0);
    });
  }
});

describe('a step of an operator in a rehearsal', () => {
  it('is done again while MySQL does not answer, and is given up in the end, and at once for anything else', async () => {
    const gate = await openGate(process.env.TEST_MYSQL_URL ?? '');
    const db = openDb(gate.url, { size: 1 });
    let tries = 0;
    const ask = async () => {
      tries += 1;
      if (tries === 3) gate.open();
      return row<{ one: number }>(db, 'SELECT 1 AS one');
    };
    const failure = (step: Promise<unknown>) =>
      step.then(
        () => null,
        (error: unknown) => error,
      );
    try {
      gate.cut();
      expect(await doStep(ask, { everyMs: 1 })).to.deep.equal({ one: 1 });
      expect(tries).to.equal(3);
      gate.cut();
      tries = 3;
      expect(await failure(doStep(ask, { times: 4, everyMs: 1 }))).to.be.instanceOf(DatabaseUnavailable);
      expect(tries).to.equal(7);
      gate.open();
      expect(await failure(doStep(() => row(db, 'SELECT nonsense'), { everyMs: 1 }))).not.to.be.instanceOf(
        DatabaseUnavailable,
      );
    } finally {
      await db.destroy();
      await gate.close();
    }
  });
});

describe('how long a rehearsal says that it took to recover', () => {
  it('is less the seconds in which the number sent others, where it may send one a second', () => {
    const said = { door: 'text', groupId: 1, to: ['2'], parts: 1, saidAt: 900, acceptedAt: 1_000 } as const;
    const text = (from: string, at: number) => ({
      from,
      to: '2',
      at,
      url: 'https://us.example/?d=1',
      text: '',
      uuid: '',
    });
    // Each after its number had sent the one before: the last, of another number, for no reason.
    const came = [...[2, 3, 4].map((at) => text('us', at * 1_000 + 500)), text('other', 9_000)];
    const all = came.map((one, id) => ({ id, phone: '2', part: 1, texts: [one as unknown as Text] }));
    const copies: Copies = { get: ({ id }) => all[id]?.texts ?? [], all: () => all };
    const longest = (paced: boolean, of: number) =>
      recoveriesOf(
        { groups: [], paced },
        {
          said: all.slice(0, of).map(({ id }) => ({ ...said, id })),
          copies,
          strikes: [{ from: 500, mended: 1_500, until: 1_500 }],
        },
      ).map(({ ms }) => ms);
    expect([longest(false, 3), longest(true, 3), longest(true, 4)]).to.deep.equal([[3_000], [1_000], [7_500]]);
  });
});
