import Table from 'cli-table3';
import colours from 'picocolors';
import type { Result } from './round.ts';

/** The results as a table, and below it every promise that was not kept. */
export function showResults(results: readonly Result[]): string {
  const table = new Table({
    head: [
      'fault',
      'times',
      'texts',
      'deliveries',
      'lost',
      'doubled',
      'unreported *',
      'recovery: median',
      'worst',
      'slowest answer',
    ],
    colAligns: ['left', ...Array<'right'>(9).fill('right')],
    style: { head: [], border: [] },
  });
  for (const one of results) {
    const paint = one.broken.length === 0 ? colours.green : colours.red;
    table.push([
      paint(one.fault),
      ...[one.times, one.accepted, one.expected, one.lost, one.doubled, one.unreported].map(String),
      seconds(median(one.recoveries)),
      seconds(Math.max(0, ...one.recoveries)),
      seconds(one.slowest),
    ]);
  }
  const notes =
    '* doubled, because no report on the first one came through before UNKNOWN_WAIT_SECONDS were over, or no answer to a\n' +
    '  push before its time was: allowed\n' +
    'recovery: from the strike until everything had arrived that was said before it was over\n';
  const broken = results.flatMap(({ fault, broken }) => broken.map((line) => colours.red(`${fault}: ${line}\n`)));
  return `${table.toString()}\n${notes}${broken.join('')}`;
}

const NOTES = 5;

/** One result in a line, as soon as it is there. */
export function showLine(one: Result): string {
  const { fault, times, accepted, expected, lost, doubled, unreported, recoveries, notes, broken } = one;
  const facts = [
    `${accepted} texts`,
    `${expected} deliveries`,
    `${lost} lost`,
    `${doubled} doubled`,
    `${unreported} unreported`,
    `recovery ${seconds(median(recoveries))}, worst ${seconds(Math.max(0, ...recoveries))}`,
  ];
  const paint = broken.length === 0 ? colours.green : colours.red;
  const more = notes.length > NOTES ? [`  and ${notes.length - NOTES} more\n`] : [];
  const lines = [
    ...notes.slice(0, NOTES).map((line) => `  ${line}\n`),
    ...more,
    ...broken.map((line) => colours.red(`  ${line}\n`)),
  ];
  return `${paint(`${fault} ×${times}`)}: ${facts.join(', ')}\n${lines.join('')}`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
