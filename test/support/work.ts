import { type Profiler, Session } from 'node:inspector';
import { execOf, runPattern } from './regexp-steps.ts';

/**
 * Counts how much work something is: the blocks of code that V8 executes, the steps of its regular expressions, and
 * the characters and elements that its calls of built-in functions go through. A count is the same in every run and on
 * every machine. V8 counts blocks only in code that is loaded after this; so it needs a process of its own.
 */
export function openWorkCounter(): WorkCounter {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const builtIns = watchBuiltIns();
  return {
    count(work) {
      // What ran before is not part of it.
      executedBlocks(session);
      return builtIns.count(work) + executedBlocks(session);
    },
    async countAll(work) {
      executedBlocks(session);
      return (await builtIns.countAll(work)) + executedBlocks(session);
    },
  };
}

export type WorkCounter = {
  count(work: () => unknown): number;
  /** The same until what `work` promises has come; whatever else the process does meanwhile is counted too. */
  countAll(work: () => Promise<unknown>): Promise<number>;
};

/** Since the last call. */
function executedBlocks(session: Session): number {
  let scripts: Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (error, taken) => {
    if (error !== null) throw error;
    scripts = taken.result;
  });
  return scripts
    .filter(({ url }) => url.startsWith('file:') && !COUNTERS.includes(url))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
    .reduce((sum, { count }) => sum + count, 0);
}

const COUNTERS = [import.meta.url, new URL('./regexp-steps.ts', import.meta.url).href];

/** Replaces built-in functions of this process by such as do the same and count. */
function watchBuiltIns(): WorkCounter {
  let steps = 0;
  let isWatching = false;

  function watch(owner: object, name: string, cost: (self: { length: number }, result: unknown) => number): void {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== 'function') throw new Error(`there is no ${name}`);
    Reflect.set(owner, name, function counted(this: { length: number }, ...given: unknown[]) {
      if (!isWatching) return Reflect.apply(original, this, given);
      const before = { length: this.length };
      const result: unknown = Reflect.apply(original, this, given);
      steps += cost(before, result);
      return result;
    });
  }

  for (const name of WHOLE_TEXT) watch(String.prototype, name, ({ length }) => length);
  for (const name of WHOLE_LIST) watch(Array.prototype, name, ({ length }) => length);
  for (const owner of [String.prototype, Array.prototype])
    for (const name of SEARCHES)
      watch(owner, name, ({ length }, found) => (Number(found) > 0 ? Number(found) : length));
  // Spreading, destructuring and `for … of`, element by element.
  for (const iterable of ['', []]) watch(Object.getPrototypeOf(iterable[Symbol.iterator]()), 'next', () => 1);

  // `test`, `match`, `matchAll`, `replace` and `split` all call it.
  RegExp.prototype.exec = function counted(this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const found = execOf(this, text);
    if (!isWatching) return found;
    isWatching = false;
    const { at, end, steps: taken } = runPattern(this, String(text), from);
    if (at !== (found?.index ?? -1) || (found !== null && end !== at + found[0].length))
      throw new Error(`${this} matches otherwise than the steps that are counted`);
    steps += taken;
    isWatching = true;
    return found;
  };

  return {
    count(work) {
      steps = 0;
      isWatching = true;
      try {
        work();
      } finally {
        isWatching = false;
      }
      return steps;
    },
    async countAll(work) {
      steps = 0;
      isWatching = true;
      try {
        await work();
      } finally {
        isWatching = false;
      }
      return steps;
    },
  };
}

const WHOLE_TEXT = [
  ...[
    'normalize',
    'toLowerCase',
    'toUpperCase',
    'toLocaleLowerCase',
    'toLocaleUpperCase',
    'trim',
    'trimStart',
    'trimEnd',
  ],
  ...['split', 'replace', 'replaceAll', 'localeCompare'],
];
const WHOLE_LIST = [
  'slice',
  'concat',
  'join',
  'reverse',
  'sort',
  'toSorted',
  'splice',
  'shift',
  'unshift',
  'fill',
  'flat',
];
const SEARCHES = ['indexOf', 'lastIndexOf', 'includes'];
