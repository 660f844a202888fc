import Table from 'cli-table3';
import colours from 'picocolors';
import type { Result } from './result.ts';

/** The result as a table; what should be 0 and is not stands out. */
export function showResult(result: Result): string {
  const { timeToLastMs: times } = result;
  const table = new Table({ colAligns: ['left', 'right'], style: { head: [], border: [] } });
  table.push(
    ['groups × members beside the creator', `${result.groups} × ${result.members}`],
    ['texts accepted', number(result.texts)],
    ['texts refused', wrong(result.refused)],
    ['deliveries expected', number(result.expected)],
    ['delivered', number(result.delivered)],
    ['duplicated', wrong(result.duplicated)],
    ['missing', wrong(result.missing)],
    ['at a wrong handset', wrong(result.strayed)],
    ['time to the last recipient, median', milliseconds(times.median)],
    ['time to the last recipient, p99', milliseconds(times.p99)],
    ['deliveries a second', number(result.deliveriesPerSecond)],
  );
  const remarks = result.remarks.map((remark) => `\nThe service also said: ${remark}`);
  return table.toString() + remarks.join('');
}

/** Says how far it is, on stderr: one line that changes on a terminal, else a line every two seconds. */
export function showProgress(quiet: boolean): (what: string) => void {
  let told = '';
  let toldAt = 0;
  return (what) => {
    if (quiet) return;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${what}`);
      return;
    }
    if (what === '' || what === told || (Date.now() - toldAt < 2_000 && /\d/.test(what))) return;
    told = what;
    toldAt = Date.now();
    console.error(what);
  };
}

function wrong(count: number): string {
  return count === 0 ? colours.green('0') : colours.red(number(count));
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

function milliseconds(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
