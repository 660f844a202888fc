import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { whole } from '../faults/options.ts';

/** What works, and what it costs. */
const parts = ['rehearsal', 'measurement'] as const;
export type Part = (typeof parts)[number];

export type Options = {
  seed: number;
  /** How long a primary is gone. */
  seconds: number;
  /** Texts a second. */
  rate: number;
  /** Of the measurement. */
  rounds: number;
  /** One part alone. */
  only: Part | null;
  keep: boolean;
};

export const help = `Usage: npm run test:primaries [-- OPTIONS]

Runs two primaries, each with processes, queues and numbers of its own, behind one small router that chooses by the
group. The second primary has links (MariaDB’s Spider engine) to the people, sessions and money of the first. Texts in
groups of both, stops and starts somebody who is in groups of both, kills each primary under load, and counts what was
lost or doubled. Then measures one primary and two. Skipped where the Spider engine is not installed.

  --seed N        repeats the choices of another run
  --seconds N     how long a primary is gone, 5
  --rate N        texts a second while one is killed, 12
  --rounds N      rounds of the measurement, 3
  --only PART     the rehearsal or the measurement alone
  --keep          keeps the folder with the logs of all processes

Examples:
  npm run test:primaries
  npm run test:primaries -- --only rehearsal --seconds 10 --keep
  npm run test:primaries -- --only measurement --rounds 5

Exit code 1: a text was lost or doubled, or came to somebody who was not to get it.
`;

/** Reads the command line; `wrong` says what is wrong with it. */
export function readOptions(args: string[]): Options | 'help' | { wrong: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
        seconds: { type: 'string', default: '5' },
        rate: { type: 'string', default: '12' },
        rounds: { type: 'string', default: '3' },
        only: { type: 'string' },
        keep: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const only = parts.find((part) => part === values.only) ?? null;
    if (values.only !== undefined && only === null) throw new Error(`--only takes ${parts.join(' or ')}.`);
    return {
      seed: whole('seed', values.seed, 1),
      seconds: whole('seconds', values.seconds, 1),
      rate: whole('rate', values.rate, 1),
      rounds: whole('rounds', values.rounds, 1),
      only,
      keep: values.keep,
    };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}
