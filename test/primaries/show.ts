import { type Measured, type Round, type Way, ways } from './figures.ts';
import type { Killing } from './rehearsal.ts';

/** A line for each primary. */
export function sayKilling({ killed, of, meanwhile, noted }: Killing): string[] {
  const lines = Object.entries(of).map(([name, { texts, accepted, recipients, lost, doubled, strayed }]) => {
    const during = meanwhile[name];
    return [
      `${killed} killed, groups of ${name}: ${accepted} of ${texts} texts accepted, ${recipients} recipients, ${lost} lost, ${doubled} doubled, ${strayed} strayed;`,
      during === undefined
        ? ''
        : `of those said while it was gone ${during.atOnce} of ${during.texts} were accepted meanwhile, ${during.accepted - during.atOnce} when the carrier tried again; the last recipient after ${inSeconds(during.median)} (median) and ${inSeconds(during.slowest)} (slowest); ${during.refused} answers 5xx`,
    ].join(' ');
  });
  return [...lines, ...noted.map((line) => `after ${killed} was killed, ${line}`)];
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** The median of all rounds each way, with the least and the most, and as a ratio to one primary. */
export function sayRounds(rounds: readonly Round[]): string[] {
  const lines: string[] = [];
  const rows: readonly [what: string, read: (measured: Measured) => number, digits: number][] = [
    ['recipients a second', ({ aSecond }) => aSecond, 0],
    ['CPU µs a recipient, all', ({ cpu }) => sumOf(cpu, ''), 0],
    ['CPU µs a recipient, MariaDB', ({ cpu }) => sumOf(cpu, 'mariadb'), 0],
    ['CPU µs a recipient, MariaDB A', ({ cpu }) => sumOf(cpu, 'mariadb A'), 0],
    ['CPU µs a recipient, MariaDB B', ({ cpu }) => sumOf(cpu, 'mariadb B'), 0],
    [
      'CPU µs a recipient, our processes',
      ({ cpu }) => sumOf(cpu, '') - sumOf(cpu, 'mariadb') - sumOf(cpu, 'redis') - sumOf(cpu, 'router'),
      0,
    ],
    ['CPU µs a recipient, Redis', ({ cpu }) => sumOf(cpu, 'redis'), 0],
    ['CPU µs a recipient, router', ({ cpu }) => sumOf(cpu, 'router'), 0],
    ['CPU ms a second while nobody texts, all', ({ idle }) => idle / 1000, 0],
    ['statements a recipient, A', ({ statements }) => statements.A ?? 0, 1],
    ['statements a recipient, B', ({ statements }) => statements.B ?? 0, 1],
  ];
  for (const way of ways) {
    lines.push(`${way}:`);
    for (const [what, read, digits] of rows) {
      const [low, middle, high] = spreadOf(rounds, way, read);
      const [, one] = spreadOf(rounds, 'one primary', read);
      // One primary has next to nothing on the other server.
      const ratio = what.endsWith(' B') ? '' : `, ${(middle / one).toFixed(2)} of one`;
      lines.push(`  ${what}: ${middle.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})${ratio}`);
    }
  }
  return lines;
}

function spreadOf(rounds: readonly Round[], way: Way, read: (measured: Measured) => number): [number, number, number] {
  const all = rounds.map((round) => read(round[way])).sort((a, b) => a - b);
  return [all[0] ?? 0, all[Math.floor(all.length / 2)] ?? 0, all.at(-1) ?? 0];
}

function sumOf(cpu: Readonly<Record<string, number>>, name: string): number {
  return Object.entries(cpu).reduce((sum, [one, us]) => (one.startsWith(name) ? sum + us : sum), 0);
}
