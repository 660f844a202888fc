import { expect } from 'chai';
import { build } from '../dev/build.mjs';
import { faults } from './faults/cases/index.ts';
import { type Copies, gatherCopies } from './faults/copies.ts';
import { type Fixture, openFixture } from './faults/fixture.ts';
import { openRandom } from './faults/random.ts';
import { listenToReports, type Reports } from './faults/reports.ts';
import { type Result, runFault } from './faults/round.ts';

/** The short form of `npm run test:faults`: real processes and servers, a few strikes each. */
describe('while people text', function () {
  // Longer than the patience with the last texts.
  this.timeout(240_000);
  const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const quietly = { begin() {}, end() {}, fail() {}, drop() {}, clear() {} };
  const database = process.env.FAULTS_DATABASE;
  let fixture: Fixture;
  let reports: Reports;
  let copies: () => Copies;

  before(async function () {
    // MySQL takes longer than MariaDB to make its data folder and the schema.
    this.timeout(240_000);
    const root = process.cwd();
    await build(root, quietly);
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
