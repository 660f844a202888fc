import { RATE } from '../case.ts';
import { AT_ONCE, IN_BATCHES } from '../cases/batches.ts';
import { besideLoad, LOADS, MEDIAN, P99, RATE_ALL } from '../cases/last-recipient.ts';
import type { Measured } from '../measure.ts';
import type { Picture } from './draw.ts';

/** The pictures that these results are enough for. Values are medians over the rounds. */
export function picturesOf(results: readonly Measured[]): Picture[] {
  const found = (name: string) => results.find((one) => one.case === name);
  return rows.flatMap(({ of, draw }) => {
    const measured = found(of);
    return measured === undefined ? [] : draw(measured);
  });
}

/** A row for each case that has something to show. */
const rows: readonly { of: string; draw(measured: Measured): Picture[] }[] = [
  { of: 'whole-path', draw: beside },
  { of: 'group-size', draw: bySize },
  { of: 'last-recipient', draw: byLoad },
  { of: 'batches', draw: byShape },
  { of: 'scale-senders', draw: (measured) => scale(measured, 'Senders') },
  { of: 'scale-shards', draw: (measured) => scale(measured, 'Sending queues') },
];

const PER_SECOND = 'deliveries a second';

function beside(measured: Measured): Picture[] {
  const names = measured.contestants.map(({ name }) => name);
  return [
    {
      name: 'beside-others',
      title: 'The whole path beside others',
      subtitle: 'Texts a second to the same simulated carrier, one run, all on one machine',
      x: { title: '', values: names },
      y: { title: PER_SECOND },
      kind: 'bar',
      series: [{ name: PER_SECOND, values: names.map((name) => figure(measured, name, RATE)) }],
    },
  ];
}

function bySize(measured: Measured): Picture[] {
  const names = measured.contestants.map(({ name }) => name);
  const sizes = names.map((name) => name.slice(name.lastIndexOf(' ') + 1));
  const x = { title: 'members of each group', values: sizes };
  return [
    {
      name: 'throughput-by-group-size',
      title: 'Throughput by group size',
      subtitle: 'From the webhook to the committed outcome, 16 texts at once',
      x,
      y: { title: PER_SECOND },
      kind: 'line',
      series: [{ name: PER_SECOND, values: names.map((name) => figure(measured, name, RATE)) }],
    },
    {
      name: 'cost-by-group-size',
      title: 'CPU of a delivery by group size',
      subtitle: 'From the system’s own accounting, simulated carrier left out',
      x,
      y: { title: 'µs of CPU a delivery' },
      kind: 'line',
      series: ['web', 'fanout', 'sender', 'mariadb', 'redis'].map((process) => ({
        name: process,
        values: names.map((name) => figure(measured, name, `CPU µs, ${process}`)),
      })),
    },
  ];
}

function byLoad(measured: Measured): Picture[] {
  const subtitle = 'Groups of 100, a text every 160 ms, while other groups text that much';
  const x = { title: 'deliveries a second that others ask for', values: LOADS };
  const at = (name: string) => LOADS.map((load) => figure(measured, besideLoad(load), name));
  return [
    {
      name: 'latency-by-load',
      title: 'Time to the last recipient of a group of 100 by load',
      subtitle,
      x,
      y: { title: 'ms' },
      kind: 'line',
      series: [
        { name: 'median', values: at(MEDIAN) },
        { name: 'p99', values: at(P99) },
      ],
    },
    {
      name: 'throughput-by-load',
      title: 'Throughput by load',
      subtitle,
      x,
      y: { title: PER_SECOND },
      kind: 'line',
      series: [{ name: PER_SECOND, values: at(RATE_ALL) }],
    },
  ];
}

function byShape(measured: Measured): Picture[] {
  const names = measured.contestants.map(({ name }) => name);
  return [
    {
      name: 'segments-of-a-chat',
      title: 'Segments of a chat',
      subtitle: 'Of 100 texts to one member: each at once, and with *batches on',
      x: { title: '', values: names },
      y: { title: 'segments' },
      kind: 'bar',
      series: [
        { name: 'each at once', values: names.map((name) => figure(measured, name, AT_ONCE)) },
        { name: 'batches on', values: names.map((name) => figure(measured, name, IN_BATCHES)) },
      ],
    },
  ];
}

function scale(measured: Measured, what: string): Picture[] {
  // "2 senders", and "2 senders, ten groups": a line each.
  const names = measured.contestants.map(({ name }) => name.split(', ') as [string, string?]);
  const counts = [...new Set(names.map(([count]) => count))];
  const lines = [...new Set(names.map(([, line]) => line))];
  const nameOf = (count: string, line?: string) => (line === undefined ? count : `${count}, ${line}`);
  return [
    {
      name: measured.case,
      title: `Throughput by ${what.toLowerCase()}`,
      subtitle: 'Groups of 100; simulated carrier, servers and load share one machine',
      x: { title: what.toLowerCase(), values: counts.map((count) => count.split(' ')[0] ?? '') },
      y: { title: PER_SECOND },
      kind: 'line',
      series: lines.map((line) => ({
        name: line ?? (lines.length > 1 ? 'a group a text' : PER_SECOND),
        values: counts.map((count) => figure(measured, nameOf(count, line), RATE)),
      })),
    },
  ];
}

function figure(measured: Measured, who: string, name: string): number | null {
  return measured.contestants.find((one) => one.name === who)?.figures[name]?.median ?? null;
}
