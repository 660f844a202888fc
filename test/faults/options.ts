import { parseArgs } from 'node:util';
import { faults, nothing } from './cases/index.ts';

export type Options = {
  only: string[];
  times: number | undefined;
  seed: number;
  groups: number;
  members: number;
  rate: number;
  /** How long a fault goes on that has no length of its own. */
  seconds: number;
  /** Minutes. */
  soak: number;
  paced: boolean;
  database: 'mariadb' | 'mysql';
  /** A tag or a commit. */
  previous: string | undefined;
  json: boolean;
  keep: boolean;
};

const width = Math.max(...faults.map(({ name }) => name.length));

export const help = `Usage: npm run test:faults [-- OPTIONS]

Breaks processes, servers and the carrier again and again while people text, vote, like, hold texts and get one text
for several, and counts what was lost or doubled, who got what was not for them, and what came in another order.

  --only FAULT    only this fault; may be given several times; a name that ends in * means all that begin so; nothing
                  breaks nothing, for --seconds
  --times N       how often each fault strikes, in place of the number below
  --seed N        repeats the choices of another run
  --groups N      groups that text, 20; with --paced 50
  --members N     members of the largest group, 100, with --paced 6; the smallest has a twentieth, at least 3
  --rate N        texts a second, 2
  --soak MINUTES  after the faults, or with --only soak alone, random ones of them for so long
  --seconds N     how long a fault goes on that has no length of its own (commits-stall), 30
  --paced         one text a second a number, of which there are as many as groups, so that texts stand in line
  --database D    mariadb (default) or mysql
  --previous REF  the release that upgrade goes back to: a tag or a commit; else the newest tag, or where there is none the
                  commit before the newest migration
  --json          the results as JSON on standard output
  --keep          keeps the folder with the logs of all processes

Faults, and how often each strikes:
${faults.map(({ name, times, does }) => `  ${name.padEnd(width)} ${String(times).padStart(3)}  ${does}`).join('\n')}

Exit code 1: a text was lost or doubled, or another promise was not kept.
`;

/** What every rehearsal may be told. */
export const COMMON = {
  only: { type: 'string', multiple: true, default: [] as string[] },
  times: { type: 'string' },
  seed: { type: 'string' },
  groups: { type: 'string' },
  rate: { type: 'string', default: '2' },
  paced: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Common = Pick<Options, 'paced' | 'json' | 'keep'> & { times?: string; seed?: string; rate: string };

export function readCommon({ times, seed, rate, paced, json, keep }: Common) {
  return {
    times: times === undefined ? undefined : whole('times', times, 1),
    seed: seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole('seed', seed, 0),
    rate: whole('rate', rate, 1),
    ...{ paced, json, keep },
  };
}

/** Reads the command line; `wrong` says what is wrong with it. */
export function readOptions(args: string[]): Options | 'help' | { wrong: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...COMMON,
        members: { type: 'string' },
        seconds: { type: 'string', default: '30' },
        soak: { type: 'string', default: '0' },
        database: { type: 'string', default: 'mariadb' },
        previous: { type: 'string' },
      },
    });
    if (values.help) return 'help';
    const only = values.only.length === 0 ? faults.map(({ name }) => name) : values.only.flatMap(namesOf);
    return {
      only,
      ...readCommon(values),
      groups: whole('groups', values.groups ?? (values.paced ? '50' : '20'), 1),
      members: whole('members', values.members ?? (values.paced ? '6' : '100'), 2),
      seconds: whole('seconds', values.seconds, 1),
      soak: whole('soak', values.soak, 0),
      database: databaseOf(values.database),
      previous: values.previous,
    };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

function databaseOf(value: string): Options['database'] {
  if (value === 'mariadb' || value === 'mysql') return value;
  throw new Error('--database must be mariadb or mysql.');
}

function namesOf(wanted: string): string[] {
  if (wanted === 'soak') return [];
  if (wanted === nothing.name) return [wanted];
  return namesLike(wanted, faults);
}

/** Those that a name of `--only` means; throws where it means none. */
export function namesLike(wanted: string, faults: readonly { name: string }[]): string[] {
  const start = wanted.endsWith('*') ? wanted.slice(0, -1) : null;
  const found = faults.filter(({ name }) => (start === null ? name === wanted : name.startsWith(start)));
  if (found.length === 0) throw new Error(`There is no fault "${wanted}".`);
  return found.map(({ name }) => name);
}

export function whole(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least) throw new Error(`--${name} must be a whole number from ${least}.`);
  return number;
}
