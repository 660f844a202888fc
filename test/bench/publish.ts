import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { costsOf, needsOf, RATES } from './growth.ts';
import { drawSvg } from './pictures/draw.ts';
import { picturesOf } from './pictures/pictures.ts';
import type { RunResults } from './results.ts';
import { number } from './show.ts';
import { type Judged, judge } from './thresholds.ts';

/** Writes the figures of a whole run into docs/: the parts between markers, and the pictures. */
export function publish(docs: string, run: RunResults): void {
  const costs = costsOf(run.results);
  if (costs === undefined) throw new Error('these results lack cases that docs/growth.md needs');
  const pictures = path.join(docs, 'pictures');
  mkdirSync(pictures, { recursive: true });
  const drawn = picturesOf(run.results);
  for (const picture of drawn) writeFileSync(path.join(pictures, `${picture.name}.svg`), drawSvg(picture));
  fill(path.join(docs, 'measured.md'), {
    machine: `${run.machine.cpus} cores of ${run.machine.model}, Node ${run.machine.node}.`,
    thresholds: table(['figure', 'measured', 'must', 'aim'], judge(run.results).map(toRow)),
    pictures: drawn.map(({ name, title }) => `![${title}](pictures/${name}.svg)`).join('\n\n'),
  });
  const needs = RATES.map((rate) => needsOf(costs, rate));
  const row = (name: string, values: readonly number[]) => [name, ...values.map(round)];
  fill(path.join(docs, 'growth.md'), {
    costs: table(
      ['a delivery takes', ''],
      [
        ...Object.entries(costs.cpuUs).map(([name, us]) => [`CPU of ${name}`, `${round(us)} µs`]),
        ['Redis commands', number(costs.redisCommands)],
        ['bytes on disk', round(costs.bytesOnDisk)],
      ],
    ),
    needs: table(
      ['texts a second', ...RATES.map(round)],
      [
        row(
          '`web` processes',
          needs.map(({ web }) => web),
        ),
        row(
          '`fanout` processes',
          needs.map(({ fanout }) => fanout),
        ),
        row(
          '`sender` processes',
          needs.map(({ sender }) => sender),
        ),
        row(
          'Redis nodes',
          needs.map(({ redisNodes }) => redisNodes),
        ),
        row(
          'Redis commands a second',
          needs.map(({ redisCommands }) => redisCommands),
        ),
        row(
          'MySQL cores',
          needs.map(({ mysqlCores }) => mysqlCores),
        ),
        row(
          'MySQL primaries',
          needs.map(({ mysqlPrimaries }) => mysqlPrimaries),
        ),
        row(
          'GB a day on disk',
          needs.map(({ gigabytesADay }) => gigabytesADay),
        ),
        row(
          'cores, all together',
          needs.map(({ cores }) => cores),
        ),
      ],
    ),
  });
}

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
