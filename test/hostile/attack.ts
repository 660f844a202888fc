import type { Random } from '../faults/random.ts';
import type { Target } from './target.ts';

/** One way to do harm over HTTP. `run` answers a sentence on everything that it should not have managed. */
export type Attack = {
  name: string;
  does: string;
  /** It looks at how many rows there are: nobody else may come or go meanwhile. */
  counts?: true;
  run(target: Target, how: { random: Random; runs: Runs; note: (line: string) => void }): Promise<string[]>;
};

/** `few` for a test that is run often; `many` for a siege. */
export type Runs = 'few' | 'many';
