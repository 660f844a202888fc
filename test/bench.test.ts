import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { BUNDLE_MS } from '../engine/rules/bundles.ts';
import {
  type Arrival,
  lastByWords,
  latenessOf,
  shareOfAllowed,
  shareWhileWaiting,
  worstExcess,
} from './bench/arrivals.ts';
import { playChat, readShape, SHAPES } from './bench/bundling-model.ts';
import { manyEach } from './bench/cases/pace.ts';
import { wholePathOf } from './bench/cases/whole-path.ts';
import type { Figures } from './bench/figures.ts';
import { needsOf, waitsByLoad } from './bench/growth.ts';
import { compare, type Measured } from './bench/measure.ts';
import { readOptions } from './bench/options.ts';
import { publish } from './bench/publish.ts';
import { timed } from './bench/rhythm.ts';
import { shareOf, spreadOf } from './bench/spread.ts';
import { judge, type Threshold } from './bench/thresholds.ts';
import { lastRecipients, type Said } from './bench/turns-model.ts';
import { NETWORK } from './bench/usage.ts';
import { rosterOf } from './support/scenes.ts';

describe('the bench', () => {
  it('says of the rounds of a figure the middle one, the least and the most', () => {
    expect(spreadOf([30, 10, 20])).to.deep.equal({ median: 20, min: 10, max: 30, rounds: [30, 10, 20] });
    expect(spreadOf([1, 2]).median).to.equal(1.5);
    expect(shareOf([0, 1, 2, 3, 4], 0.99)).to.be.closeTo(3.96, 1e-9);
  });

  it('compares two contestants within each round, so that a slow round of both does not count', () => {
    const rounds = (...values: number[]): Figures[] => values.map((value) => ({ rate: value }));
    const taken = new Map([
      ['ours', rounds(100, 10, 300)],
      ['theirs', rounds(200, 20, 400)],
    ]);
    const ratio = { name: 'ours ÷ theirs', over: ['ours', 'rate'], under: ['theirs', 'rate'] } as const;
    expect(compare({ ...ratio, over: [...ratio.over], under: [...ratio.under] }, taken)).to.include({
      median: 0.5,
      min: 0.5,
      max: 0.75,
    });
  });

  for (const [better, value, reached] of [
    ['more', 0.7, 'aim'],
    ['more', 0.655, 'aim'],
    ['more', 0.5, 'must'],
    ['more', 0.44, 'none'],
    ['less', 0.44, 'aim'],
    ['less', 0.5, 'must'],
    ['less', 0.7, 'none'],
  ] as const) {
    it(`judges ${value}, where ${better} is better, as reaching ${reached}`, () => {
      const [must, aim] = better === 'more' ? [0.45, 0.66] : [0.66, 0.45];
      const threshold: Threshold = { figure: 'it', case: 'some', of: { ratio: 'it' }, better, must, aim };
      const results = [measured({ ratios: [{ name: 'it', spread: spreadOf([value]) }] })];
      expect(judge(results, [threshold])).to.deep.equal([{ ...threshold, value, reached }]);
    });
  }

  it('judges nothing that was not measured', () => {
    const threshold: Threshold = { figure: 'it', case: 'some', of: { ratio: 'it' }, better: 'more', must: 1, aim: 2 };
    expect(judge([measured({})], [threshold, { ...threshold, of: { who: 'we', figure: 'rate' } }])).to.deep.equal([]);
  });

  function measured(some: Partial<Measured>): Measured {
    return { case: 'some', title: '', contestants: [], ratios: [], absent: [], ...some };
  }

  it('counts what is sent beyond a limit in the worst span, wherever that begins', () => {
    const even = Array.from({ length: 100 }, (_, at) => at * 100);
    expect(worstExcess(even, { rate: 10, seconds: 2 })).to.equal(0);
    expect(worstExcess([...even, 4_050, 4_060], { rate: 10, seconds: 2 })).to.equal(2);
    expect(worstExcess([0, 1_999, 2_000], { rate: 1, seconds: 2 })).to.equal(0);
    expect(worstExcess([0], { rate: 10, seconds: 2 })).to.equal(-19);
    expect(shareOfAllowed(even, 10)).to.be.closeTo(1, 1e-9);
    expect(shareOfAllowed([0, 1_000, 3_000], 1)).to.be.closeTo(2 / 3, 1e-9);
  });

  it('counts of many numbers what each could have sent while it had something to send', () => {
    const even = { since: 500, times: [500, 1_505, 2_510] };
    expect(shareWhileWaiting([even, even], 1)).to.equal(1);
    const started = { since: 0, times: [5_000, 6_005] };
    expect(shareWhileWaiting([even, started], 1)).to.be.closeTo(5 / 10, 1e-9);
    expect(latenessOf([1_000, 2_005, 3_110, 4_015], 1_005)).to.deep.equal([0, 0, 100, 0]);
    expect(latenessOf([1_300, 2_005], 1_005)).to.deep.equal([300, 0]);
  });

  it('finds the last recipient of a text among all that arrived', () => {
    const arrived = (text: string, at: number): Arrival => ({ seq: at, from: '', to: '', text, at });
    const last = lastByWords([arrived('Ann: #1', 5), arrived('Bob: #2', 6), arrived('Ann: #1', 9), arrived('Hi', 10)]);
    expect(last.get('#1')).to.deep.equal({ count: 2, at: 9 });
    expect(last.get('#2')).to.deep.equal({ count: 1, at: 6 });
  });

  for (const [args, wrong] of [
    [['--case', 'nonsense'], /no case "nonsense"/],
    [['--rounds', '0'], /--rounds/],
    [['--reports', 'some'], /--reports/],
    [['--nonsense'], /nonsense/],
    [['--share', '2'], /--share/],
    [['--old-deliveries', '1e9x'], /--old-deliveries/],
    [['--set', 'LOOP_ANSWERS'], /--set must be NAME=VALUE/],
    [['--set', 'LOOP_ANSWER=3'], /no setting "LOOP_ANSWER"/],
    [['--publish', '--quick'], /--publish needs all/],
    [['--publish', '--case', 'webhook'], /--publish needs all/],
  ] as const) {
    it(`does not understand ${args.join(' ')}`, () => {
      const options = readOptions([...args]);
      expect(typeof options === 'object' && 'wrong' in options ? options.wrong : options).to.match(wrong);
    });
  }

  for (const name of SHAPES) {
    it(`plays ${name}: every text once and in order, never in more segments with batches`, () => {
      const shape = readShape(name);
      const { group, members } = rosterOf(Array.from({ length: shape.members }, (_, at) => `Member ${at + 1}`));
      const atOnce = playChat(group, members, shape, false);
      const inBatches = playChat(group, members, shape, true);
      expect(inBatches.segments).to.be.at.most(atOnce.segments);
      expect(inBatches.lines).to.deep.equal(atOnce.lines);
      expect(inBatches.longestMs).to.be.at.most(BUNDLE_MS + 1_000);
      expect(atOnce.longestMs).to.equal(0);
      const saves = inBatches.segments < atOnce.segments;
      expect(saves, 'a calm chat is as ever').to.equal(name !== 'calm-evening');
    });
  }

  it('says how many processes and servers so many texts a second need', () => {
    const cpuUs = { web: 60, fanout: 30, sender: 120, mariadb: 96, redis: 6 };
    const needs = needsOf({ cpuUs, redisCommands: 2, bytesOnDisk: 250, bytesOnNetwork: 4_000 }, 100_000);
    expect(needs).to.deep.include({ web: 10, fanout: 5, sender: 20, redisNodes: 1, redisCommands: 200_000 });
    expect(needs.mysqlPrimaries).to.equal(4);
    expect(needs.gigabytesADay).to.equal(2_160);
    expect(needs.numbers).to.equal(1_000_000);
    expect(needs.coreHoursAMillion).to.be.closeTo(0.144, 1e-3);
    expect(needs.cores).to.be.closeTo(52, 1e-9);
  });

  it('models a number that sends one text at a time, in turns of its groups', () => {
    const said = (group: number, recipients: number, at = 0, number = 1): Said => ({ at, number, group, recipients });
    const limits = { numberMs: 1_000, accountMs: 0 };
    expect(lastRecipients([said(1, 3)], limits)).to.deep.equal([2_000]);
    // Two groups of one number take turns; another number is not touched by that.
    expect(lastRecipients([said(1, 3), said(2, 1), said(3, 2, 0, 2)], limits)).to.deep.equal([3_000, 1_000, 1_000]);
    // What a group says later follows what it said before; a number that was idle sends at once.
    expect(lastRecipients([said(1, 2), said(1, 1), said(1, 1, 10_000)], limits)).to.deep.equal([1_000, 2_000, 10_000]);
    expect(lastRecipients([said(1, 0)], limits), 'nobody to text').to.deep.equal([0]);
  });

  it('models what numbers share: they take its moments in the order in which they ask', () => {
    const said = [1, 2, 3].map((number): Said => ({ at: 0, number, group: number, recipients: 2 }));
    const ends = lastRecipients(said, { numberMs: 1_000, accountMs: 600 });
    // 0, 600, 1200 for the first texts; then each as soon as its number and the account are free.
    expect(ends).to.deep.equal([1_800, 2_400, 3_000]);
  });

  it('lets people wait longer by the model where numbers are busier', () => {
    const [calm, ...busier] = waitsByLoad(200).map(({ waits }) => waits[0]?.p99 ?? 0);
    expect(calm).to.be.within(3, 12);
    expect(busier).to.deep.equal(busier.toSorted((a, b) => a - b));
    expect(busier.at(-1)).to.be.greaterThan(2 * (calm ?? 0));
  });

  it('writes the figures of a run where the docs have a place for them, again and again', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-docs-'));
    try {
      cpSync('docs', folder, { recursive: true });
      const cpuOf = (us: number) =>
        Object.fromEntries(
          ['web', 'fanout', 'sender', 'mariadb', 'redis'].map((name) => [`CPU µs, ${name}`, spreadOf([us])]),
        );
      const figures = { ...cpuOf(60), 'Redis commands': spreadOf([2.5]), [NETWORK]: spreadOf([4_000]) };
      const disk = { 'bytes on disk a delivery': spreadOf([250]), 'last tenth ÷ first tenth': spreadOf([0.87]) };
      const ofSender = { ...figures, 'CPU µs, sender.2': spreadOf([90]) };
      const results = [
        measured({ case: 'whole-path', contestants: [{ name: wholePathOf(100), figures: cpuOf(50) }] }),
        measured({ case: 'reported', contestants: [{ name: wholePathOf(100), figures }] }),
        measured({ case: 'paced', contestants: [{ name: manyEach(1_000), figures: ofSender }] }),
        measured({ case: 'backlog', contestants: [{ name: 'drained without a limit', figures: disk }] }),
      ];
      const run = { at: '', machine: { cpus: 2, model: 'Some CPU', node: 'v20' }, results };
      publish(folder, run);
      publish(folder, run);
      const [told, growth] = ['measured.md', 'growth.md'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
      expect(told).to.include('2 cores of Some CPU').and.include('last tenth ÷ first tenth | 0.87 | ≥ 0.9 | ≥ 1 |');
      // Both senders, and what a report costs: 60 + 90 + (60 − 50).
      expect(growth)
        .to.include('| CPU of sender | 160 µs | 60 µs |')
        .and.include('| `sender` processes | 1 | 3 | 27 |')
        // 250 bytes each for 400 days; what the paced case moves, and a report.
        .and.include('| TB on disk with what is kept | 8.6 | 86 | 864 |')
        .and.include('| Mbit a second on the network | 64 | 640 | 6,400 |')
        .and.include('| the carrier | 5,500 |');
      // The first in the list is full first.
      expect(growth).to.match(/so many texts a second \|\n\| --- \| --- \|\n\| a MySQL server’s disk \| 926 \|/);
      expect(growth).to.match(/\| 10 % \| 3 s \| [\d.]+ s \| 18 s \|/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('posts so many at once, or one every so often, and says how each went', async () => {
    let under = 0;
    let most = 0;
    const work = async (at: number) => {
      most = Math.max(most, ++under);
      await new Promise(setImmediate);
      under--;
      return at !== 3;
    };
    const together = await timed(20, { atOnce: 4 }, work);
    expect([most, together.refused, together.answersMs.length]).to.deep.equal([4, 1, 20]);
    const spaced = await timed(5, { everyMs: 4 }, work);
    // Four times four; a timer may end a moment early.
    expect(spaced.ms).to.be.at.least(14);
    expect(spaced.beganAt.toSorted((a, b) => a - b)).to.deep.equal(spaced.beganAt);
  });
});
