import Table from 'cli-table3';

/** A table for a terminal or a file; the last two columns are numbers. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, at) => (at < head.length - 2 ? 'left' : 'right')),
    style: { head: [], border: [] },
  });
  for (const cells of rows) table.push([...cells]);
  return table.toString();
}
