import Table from 'cli-table3';
import colours from 'picocolors';
import type { Measured } from './measure.ts';
import type { Judged } from './thresholds.ts';

/** A case as a table. What makes up a sum (kinds of commands and statements) is in the JSON alone. */
export function showMeasured({ title, contestants, ratios, absent }: Measured): string {
  const table = openTable(['', 'median', 'min', 'max']);
  for (const { name, figures } of contestants) {
    table.push([{ content: colours.bold(name), colSpan: 4 }]);
    for (const [figure, { median, min, max }] of Object.entries(figures)) {
      if (!PARTS.test(figure)) table.push([`  ${figure}`, number(median), number(min), number(max)]);
    }
  }
  for (const { name, spread } of ratios) {
    table.push([
      colours.bold(name),
      ...[spread.median, spread.min, spread.max].map((value) => colours.bold(value.toFixed(3))),
    ]);
  }
  const missing = absent.map(({ name, why }) => `${name}: not measured. ${why}.\n`).join('');
  return `\n${title}\n${table.toString()}\n${missing}`;
}

/** What was promised of the figures, and what became of it. */
export function showJudged(judged: readonly Judged[]): string {
  if (judged.length === 0) return '';
  const table = openTable(['figure', 'measured', 'must', 'aim', '']);
  for (const { figure, value, better, must, aim, reached } of judged) {
    const sign = better === 'more' ? '≥' : '≤';
    const paint = { aim: colours.green, must: colours.yellow, none: colours.red }[reached];
    const verdict = { aim: 'reaches its aim', must: 'holds', none: 'MISSED' }[reached];
    table.push([figure, paint(number(value)), `${sign} ${must}`, `${sign} ${aim}`, paint(verdict)]);
  }
  return `\n${table.toString()}\n`;
}

function openTable(head: string[]) {
  const colAligns = head.map((name, at): 'left' | 'right' => (at === 0 || name === '' ? 'left' : 'right'));
  // Lines only under the head: a table has many rows.
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  return new Table({ head, colAligns, chars, style: { head: [], border: [] } });
}

const PARTS = /^(Redis (?!commands)|SQL Com_)/;

export function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
