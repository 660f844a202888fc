import Table from 'cli-table3';
import colours from 'picocolors';
import type { Result } from './round.ts';

/** The results as a table, and below it every promise that was not kept. */
export function showResults(results: readonly Result[]): string {
  const isWatched = results.some(({ gaps }) => gaps !== undefined);
  const head = [
    'fault',
    'times',
    'texts',
    'deliveries',
    'lost',
    'doubled',
    'unreported *',
    'to the wrong phone',
    'out of order **',
    'recovery: median',
    'worst',
    'slowest answer',
    ...(isWatched ? ['unavailable: times', 'median', 'worst'] : []),
  ];
  const table = new Table({
    head,
    colAligns: ['left', ...Array<'right'>(head.length - 1).fill('right')],
    style: { head: [], border: [] },
  });
  for (const one of results) {
    const paint = isKept(one) ? colours.green : colours.red;
    table.push([
      paint(one.fault),
      ...[
        one.times,
        one.accepted,
        one.expected,
        one.lost,
        one.doubled,
        one.unreported,
        one.strayed,
        one.outOfOrder.length,
      ].map(String),
      seconds(median(one.recoveries)),
      seconds(Math.max(0, ...one.recoveries)),
      seconds(one.slowest),
      ...(isWatched ? sayGaps(one) : []),
    ]);
  }
  const notes =
    '* doubled, because no report on the first one came through before UNKNOWN_WAIT_SECONDS were over, or no answer to a\n' +
    '  push before its time was: allowed\n' +
    '** at one phone, in its group and in its parts; a text that is tried again comes when it can\n' +
    'recovery: the longest that a text took that was accepted meanwhile; from its end where a server was unavailable,\n' +
    '  and less a second for each text that its number, which may send one a second, sent before it\n' +
    (isWatched
      ? 'unavailable: calls that write, through the proxy, one each 100 ms, that were not answered 200 within 2 s\n'
      : '');
  const broken = results.flatMap((one) => wrongOf(one).map((line) => colours.red(`${one.fault}: ${line}\n`)));
  return `${table.toString()}\n${notes}${broken.join('')}`;
}

const NOTES = 5;

/** One result in a line, as soon as it is there. */
export function showLine(one: Result): string {
  const { fault, times, accepted, expected, lost, doubled, unreported, strayed, outOfOrder } = one;
  const { recoveries, notes } = one;
  const facts = [
    `${accepted} texts`,
    `${expected} deliveries`,
    `${lost} lost`,
    `${doubled} doubled`,
    `${unreported} unreported`,
    `${strayed} to the wrong phone`,
    `${outOfOrder.length} out of order`,
    `recovery ${seconds(median(recoveries))}, worst ${seconds(Math.max(0, ...recoveries))}`,
    ...sayUnavailable(one),
  ];
  const wrong = wrongOf(one);
  const paint = isKept(one) ? colours.green : colours.red;
  const more = notes.length > NOTES ? [`  and ${notes.length - NOTES} more\n`] : [];
  const lines = [
    ...notes.slice(0, NOTES).map((line) => `  ${line}\n`),
    ...more,
    ...wrong.map((line) => colours.red(`  ${line}\n`)),
  ];
  return `${paint(`${fault} ×${times}`)}: ${facts.join(', ')}\n${lines.join('')}`;
}

/** Nothing was broken, and everything came in its order. */
export function isKept({ broken, outOfOrder }: Result): boolean {
  return broken.length === 0 && outOfOrder.length === 0;
}

function wrongOf({ broken, outOfOrder }: Result): string[] {
  return [...broken, ...outOfOrder.slice(0, NOTES)];
}

function sayUnavailable({ gaps }: Result): string[] {
  if (gaps === undefined) return [];
  if (gaps.length === 0) return ['never unavailable'];
  return [`unavailable ${gaps.length} times, median ${seconds(median(gaps))}, worst ${seconds(Math.max(...gaps))}`];
}

function sayGaps({ gaps = [] }: Result): string[] {
  return [String(gaps.length), seconds(median(gaps)), seconds(Math.max(0, ...gaps))];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
