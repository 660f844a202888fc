import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Costs, costsOf, fullAt, moneyAMillion, needsOf, RATES, waitsByLoad } from './growth.ts';
import { drawSvg } from './pictures/draw.ts';
import { picturesOf } from './pictures/pictures.ts';
import type { RunResults } from './results.ts';
import { number } from './show.ts';
import { type Judged, judge } from './thresholds.ts';
import { SIZES } from './town.ts';

/**
 * Writes the figures of a run into docs/: the parts between markers, and the pictures. A run that has only the cases of growth.md
 * fills that.
 */
export function publish(docs: string, run: RunResults, { isWhole = true } = {}): void {
  const costs = costsOf(run.results);
  if (costs === undefined) throw new Error('these results lack cases that docs/growth.md needs');
  if (isWhole) publishMeasured(docs, run);
  publishGrowth(docs, costs);
}

function publishMeasured(docs: string, run: RunResults): void {
  const pictures = path.join(docs, 'pictures');
  mkdirSync(pictures, { recursive: true });
  const drawn = picturesOf(run.results);
  for (const picture of drawn) writeFileSync(path.join(pictures, `${picture.name}.svg`), drawSvg(picture));
  fill(path.join(docs, 'measured.md'), {
    machine: `${run.machine.cpus} cores of ${run.machine.model}, Node ${run.machine.node}.`,
    thresholds: table(['figure', 'measured', 'must', 'aim'], judge(run.results).map(toRow)),
    pictures: drawn.map(({ name, title }) => `![${title}](pictures/${name}.svg)`).join('\n\n'),
  });
}

function publishGrowth(docs: string, { unlimited, paced }: NonNullable<ReturnType<typeof costsOf>>): void {
  const needs = RATES.map((rate) => needsOf(paced, rate));
  const row = (name: string, take: (one: (typeof needs)[number]) => number) => [name, ...needs.map(take).map(round)];
  fill(path.join(docs, 'growth.md'), {
    costs: table(
      ['a delivery takes', 'numbers of one text a second', 'without a limit'],
      [
        ...Object.entries(paced.cpuUs).map(([name, us]) => [
          `CPU of ${name}`,
          `${round(us)} µs`,
          `${round(unlimited.cpuUs[name as keyof Costs['cpuUs']])} µs`,
        ]),
        ['Redis commands', number(paced.redisCommands), number(unlimited.redisCommands)],
        ['bytes on disk', round(paced.bytesOnDisk), round(unlimited.bytesOnDisk)],
        ['bytes on the network', round(paced.bytesOnNetwork), round(unlimited.bytesOnNetwork)],
      ],
    ),
    needs: table(
      ['texts a second', ...RATES.map(round)],
      [
        row('numbers of one text a second', ({ numbers }) => numbers),
        row('`web` processes', ({ web }) => web),
        row('`fanout` processes', ({ fanout }) => fanout),
        row('`sender` processes', ({ sender }) => sender),
        row('Redis nodes', ({ redisNodes }) => redisNodes),
        row('Redis commands a second', ({ redisCommands }) => redisCommands),
        row('MySQL cores', ({ mysqlCores }) => mysqlCores),
        row('MySQL primaries', ({ mysqlPrimaries }) => mysqlPrimaries),
        row('GB a day on disk', ({ gigabytesADay }) => gigabytesADay),
        row('TB on disk with what is kept', ({ terabytesKept }) => terabytesKept),
        row('Mbit a second on the network', ({ megabitsASecond }) => megabitsASecond),
        row('cores, all together', ({ cores }) => cores),
        row('core hours a million texts', ({ coreHoursAMillion }) => coreHoursAMillion),
      ],
    ),
    full: table(
      ['one of these', 'is full at so many texts a second'],
      fullAt(paced).map(({ what, rate }) => [NAMES[what], round(rate)]),
    ),
    money: table(
      ['for a million texts', 'dollars'],
      Object.entries(moneyAMillion(paced)).map(([what, dollars]) => [
        MONEY[what as keyof typeof MONEY],
        dollars.toLocaleString('en-US', { maximumFractionDigits: dollars < 100 ? 2 : 0 }),
      ]),
    ),
    waits: table(
      ['numbers busy', ...SIZES.flatMap((members) => [`group of ${members}, median`, 'p99'])],
      waitsByLoad().map(({ busy, waits }) => [
        `${round(busy * 100)} %`,
        ...waits.flatMap(({ p50, p99 }) => [`${round(p50)} s`, `${round(p99)} s`]),
      ]),
    ),
  });
}

const NAMES = {
  ...{ web: 'a `web` process', fanout: 'a `fanout` process', sender: 'a `sender` process' },
  ...{ redis: 'a Redis', mariadb: 'a MySQL server’s cores', disk: 'a MySQL server’s disk' },
};
const MONEY = {
  ...{ cores: 'cores', disk: 'disk, until it is deleted', network: 'network, as if all of it left the data centre' },
  ...{ numbers: 'rent of numbers that are busy a tenth of the time', carrier: 'the carrier' },
  networks: 'fees of the phone networks, passed on',
};

function toRow({ figure, value, better, must, aim }: Judged): string[] {
  const sign = better === 'more' ? '≥' : '≤';
  return [figure, number(value), `${sign} ${must}`, `${sign} ${aim}`];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function round(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function fill(file: string, parts: Record<string, string>): void {
  let text = readFileSync(file, 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}`);
    text = `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
  }
  writeFileSync(file, text);
}
