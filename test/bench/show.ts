import Table from 'cli-table3';
import colours from 'picocolors';
import type { Measured } from './measure.ts';

/** A case as a table. What makes up a sum (kinds of commands and statements) is in the JSON alone. */
export function showMeasured({ title, contestants, ratios }: Measured): string {
  const table = new Table({
    head: ['', 'median', 'min', 'max'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { name, figures } of contestants) {
    table.push([{ content: colours.bold(name), colSpan: 4 }]);
    for (const [figure, { median, min, max }] of Object.entries(figures)) {
      if (!PARTS.test(figure)) table.push([`  ${figure}`, number(median), number(min), number(max)]);
    }
  }
  for (const { name, spread, floor, holds } of ratios) {
    const line = floor === null ? name : `${name} (floor ${floor})`;
    const paint = holds ? colours.green : colours.red;
    table.push([paint(line), ...[spread.median, spread.min, spread.max].map((value) => paint(value.toFixed(3)))]);
  }
  return `${title}\n${table.toString()}\n`;
}

const PARTS = /^(Redis (?!commands)|SQL Com_)/;

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
