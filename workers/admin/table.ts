import Table from 'cli-table3';

/** A table for a terminal or a file; the last columns are numbers, two where nothing else is said. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { numbers = 2 }: { numbers?: number } = {},
): string {
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, at) => (at < head.length - numbers ? 'left' : 'right')),
    style: { head: [], border: [] },
  });
  for (const cells of rows) table.push([...cells]);
  return table.toString();
}
