import { DRAIN, LAST_TO_FIRST } from './cases/backlog.ts';
import { DEEP_RATIO } from './cases/deep.ts';
import { CHAT, PIN, SLOWEST } from './cases/fairness.ts';
import { QUEUED, MEDIAN as QUEUED_MEDIAN } from './cases/fan-out.ts';
import { EACH, HEARD, LISTENERS_RATIO, LISTENING } from './cases/listeners.ts';
import { EXCESS, LATE_P50, LATE_P99, manyEach, PACED, SHARE, SHARE_OF_ALL } from './cases/pace.ts';
import { KEPT, P99_RATIO } from './cases/retention.ts';
import { APART, TOWN } from './cases/turns.ts';
import { wholePathOf } from './cases/whole-path.ts';
import type { Measured } from './measure.ts';

/** What a figure has to reach, and what it should. */
export type Threshold = {
  figure: string;
  case: string;
  of: { ratio: string } | { who: string; figure: string };
  /** The median over the rounds, or the worst of them. */
  take?: 'median' | 'max';
  better: 'more' | 'less';
  must: number;
  aim: number;
};

const hundred = wholePathOf(100);

/** The figures that the project answers for. `npm run bench` fails when one that was measured misses its must. */
const thresholds: readonly Threshold[] = [
  ...(
    [
      ['bare POSTs', 0.5, 0.66],
      ['naive', 8, 14],
      ['Kannel, memory, 1 a request', 1.2, 2.3],
      ['Kannel, memory, 25 a request', 1.0, 1.9],
    ] as const
  ).map(
    ([under, must, aim]): Threshold => ({
      ...{ figure: `whole path ÷ ${under}`, case: 'whole-path', of: { ratio: `whole path ÷ ${under}` } },
      ...{ better: 'more', must, aim },
    }),
  ),
  {
    figure: 'Redis commands a delivery, without limits',
    case: 'whole-path',
    of: { who: hundred, figure: 'Redis commands' },
    ...{ better: 'less', must: 8, aim: 2 },
  },
  {
    figure: 'SQL statements per 100 deliveries',
    case: 'whole-path',
    of: { who: hundred, figure: 'SQL statements per 100' },
    ...{ better: 'less', must: 6, aim: 3 },
  },
  {
    figure: 'Redis commands a delivery, with a limit of each number',
    case: 'pace-numbers',
    of: { who: PACED, figure: 'Redis commands' },
    ...{ better: 'less', must: 26, aim: 8 },
  },
  ...(
    [
      ['Redis commands a delivery', 'Redis commands', 'less', 10, 3],
      ['SQL statements per 100 deliveries', 'SQL statements per 100', 'less', 30, 10],
      ['sent ÷ allowed while they had work', SHARE_OF_ALL, 'more', 0.99, 1],
      [EXCESS, EXCESS, 'less', 0, 0],
      ['ms late, p50', LATE_P50, 'less', 60, 20],
      ['ms late, p99', LATE_P99, 'less', 250, 100],
    ] as const
  ).map(
    ([name, figure, better, must, aim]): Threshold => ({
      ...{ figure: `${name}, 1,000 numbers of one a second`, case: 'paced', of: { who: manyEach(1_000), figure } },
      ...{ better, must, aim },
    }),
  ),
  {
    figure: DEEP_RATIO,
    case: 'deep',
    of: { ratio: DEEP_RATIO },
    ...{ better: 'less', must: 1.2, aim: 1 },
  },
  {
    figure: 'time to the last recipient on 10,000 numbers, engine ÷ model, farthest from 1',
    case: 'turns',
    of: { who: TOWN, figure: APART },
    ...{ better: 'less', must: 0.1, aim: 0.05 },
  },
  {
    figure: 'last recipient while old deliveries are deleted ÷ without, p99',
    case: 'retention',
    of: { who: KEPT, figure: P99_RATIO },
    ...{ better: 'less', must: 1.2, aim: 1.05 },
  },
  {
    figure: 'ms to queue 100 deliveries',
    case: 'fan-out',
    of: { who: QUEUED, figure: QUEUED_MEDIAN },
    ...{ better: 'less', must: 5, aim: 1 },
  },
  {
    figure: 'webhook p99, draining ÷ idle',
    case: 'webhook',
    of: { ratio: 'p99 draining ÷ idle' },
    ...{ better: 'less', must: 4, aim: 3 },
  },
  {
    figure: 'webhook p99, 5,000 listeners ÷ none',
    case: 'listeners',
    of: { ratio: LISTENERS_RATIO },
    ...{ better: 'less', must: 1.1, aim: 1 },
  },
  {
    figure: 'ms from a text to its event at 5,000 listeners, p99',
    case: 'listeners',
    of: { who: LISTENING, figure: HEARD },
    ...{ better: 'less', must: 1_000, aim: 500 },
  },
  {
    figure: 'KB of a web process a listener',
    case: 'listeners',
    of: { who: LISTENING, figure: EACH },
    ...{ better: 'less', must: 100, aim: 30 },
  },
  ...(
    [
      ['a number', 'pace-numbers'],
      ['the account', 'pace-account'],
    ] as const
  ).flatMap(([limited, name]): Threshold[] => [
    {
      figure: `sent ÷ allowed, ${limited}`,
      case: name,
      of: { who: PACED, figure: SHARE },
      ...{ better: 'more', must: 0.97, aim: 0.99 },
    },
    {
      figure: `${EXCESS}, ${limited}`,
      case: name,
      of: { who: PACED, figure: EXCESS },
      ...{ take: 'max', better: 'less', must: 1, aim: 0 },
    },
  ]),
  ...(
    [
      ['s to the last of a chat of 5', CHAT, 3, 1.5],
      ['s to a PIN', PIN, 2, 1],
    ] as const
  ).map(
    ([name, who, must, aim]): Threshold => ({
      ...{ figure: `${name} beside broadcasts, slowest`, case: 'fairness', of: { who, figure: SLOWEST } },
      ...{ take: 'max', better: 'less', must, aim },
    }),
  ),
  {
    figure: 'Redis memory, 1,000,000 ÷ 1,000 waiting',
    case: 'waiting',
    of: { ratio: 'Redis memory, 1,000,000 ÷ 1,000 waiting' },
    ...{ better: 'less', must: 2, aim: 1.1 },
  },
  {
    figure: 'drain rate of 1,000,000, last tenth ÷ first tenth',
    case: 'backlog',
    of: { who: DRAIN, figure: LAST_TO_FIRST },
    ...{ better: 'more', must: 0.9, aim: 1 },
  },
];

export type Judged = Threshold & { value: number; reached: 'aim' | 'must' | 'none' };

/** Of the thresholds whose figure was measured: its value and what it reaches. */
export function judge(results: readonly Measured[], table: readonly Threshold[] = thresholds): Judged[] {
  return table.flatMap((threshold) => {
    const value = measuredOf(threshold, results);
    return value === undefined ? [] : [{ ...threshold, value, reached: reachOf(threshold, value) }];
  });
}

function measuredOf({ case: name, of, take = 'median' }: Threshold, results: readonly Measured[]): number | undefined {
  const measured = results.find((one) => one.case === name);
  const spread =
    'ratio' in of
      ? measured?.ratios.find((ratio) => ratio.name === of.ratio)?.spread
      : measured?.contestants.find((contestant) => contestant.name === of.who)?.figures[of.figure];
  return spread?.[take];
}

/** A figure is told with two digits after the point, and is taken as told. */
function reachOf({ better, must, aim }: Threshold, value: number): Judged['reached'] {
  const told = Math.round(value * 100) / 100;
  const reaches = (threshold: number) => (better === 'more' ? told >= threshold : told <= threshold);
  if (reaches(aim)) return 'aim';
  return reaches(must) ? 'must' : 'none';
}
