import { openWorkCounter } from './work.ts';

/** The process of test/engine/rules/growth.test.ts: it counts first, and then loads what is counted. */
const counter = openWorkCounter();
const { works, quadratic } = await import('./growth-works.ts');

export type Question = { what: string; texts: readonly { short: string; long: string }[] };
export type Counted = { short: number; long: number } | { failed: string };

process.on('message', ({ what, texts }: Question) => {
  const work = works[what] ?? quadratic[what];
  process.send?.(texts.map((pair) => (work === undefined ? { failed: `there is no ${what}` } : compare(work, pair))));
});
process.send?.('ready');

function compare(work: (text: string) => unknown, { short, long }: Question['texts'][number]): Counted {
  try {
    // What is made once and kept is no part of either.
    work(short);
    return { short: counter.count(() => work(short)), long: counter.count(() => work(long)) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
