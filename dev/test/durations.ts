import colours from 'picocolors';

/** What a stream took: `ms` in all, and of each file, its hooks included. */
export type Duration = { name: string; ms: number; files: Readonly<Record<string, number>> };

const SLOWEST = 20;

/** What each stream took, and the slowest files of all: where `npm test` can be made shorter. */
export function sayDurations(streams: readonly Duration[]): string {
  const lines = streams.map(({ name, ms, files }) => {
    const inFiles = Object.values(files).reduce((sum, one) => sum + one, 0);
    return `  ${seconds(ms)}  ${name} ${colours.dim(`(${Object.keys(files).length} files; ${((ms - inFiles) / 1000).toFixed(1)} s to load them and to end)`)}`;
  });
  const slowest = streams
    .flatMap(({ name, files }) => Object.entries(files).map(([file, ms]) => ({ file, ms, name })))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)
    .map(({ file, ms, name }) => `  ${seconds(ms)}  ${file} ${colours.dim(`(${name})`)}`);
  return ['Streams, side by side:', ...lines, `The ${slowest.length} slowest files:`, ...slowest, ''].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
