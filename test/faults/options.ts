import { parseArgs } from 'node:util';
import { faults } from './cases/index.ts';

export type Options = {
  only: string[];
  times: number | undefined;
  seed: number;
  groups: number;
  members: number;
  rate: number;
  /** Minutes. */
  soak: number;
  paced: boolean;
  database: 'mariadb' | 'mysql';
  json: boolean;
  keep: boolean;
};

const width = Math.max(...faults.map(({ name }) => name.length));

export const help = `Usage: npm run test:faults [-- OPTIONS]

Breaks processes, servers and the carrier again and again while people text, and counts what was lost or doubled.

  --only FAULT    only this fault; may be given several times; a name that ends in * means all that begin so
  --times N       how often each fault strikes, in place of the number below
  --seed N        repeats the choices of another run
  --groups N      groups that text, 20
  --members N     members of the largest group, 100; the smallest has a twentieth
  --rate N        texts a second, 2
  --soak MINUTES  after the faults, or with --only soak alone, random ones of them for so long
  --paced         with sending limits, so that texts stand in line
  --database D    mariadb (default) or mysql
  --json          the results as JSON on standard output
  --keep          keeps the folder with the logs of all processes

Faults, and how often each strikes:
${faults.map(({ name, times, does }) => `  ${name.padEnd(width)} ${String(times).padStart(3)}  ${does}`).join('\n')}

Exit code 1: a text was lost or doubled, or another promise was not kept.
`;

/** Reads the command line; `wrong` says what is wrong with it. */
export function readOptions(args: string[]): Options | 'help' | { wrong: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        times: { type: 'string' },
        seed: { type: 'string' },
        groups: { type: 'string', default: '20' },
        members: { type: 'string', default: '100' },
        rate: { type: 'string', default: '2' },
        soak: { type: 'string', default: '0' },
        paced: { type: 'boolean', default: false },
        database: { type: 'string', default: 'mariadb' },
        json: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const only = values.only.length === 0 ? faults.map(({ name }) => name) : values.only.flatMap(namesLike);
    return {
      only,
      times: values.times === undefined ? undefined : whole('times', values.times, 1),
      seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole('seed', values.seed, 0),
      groups: whole('groups', values.groups, 1),
      members: whole('members', values.members, 2),
      rate: whole('rate', values.rate, 1),
      soak: whole('soak', values.soak, 0),
      paced: values.paced,
      database: databaseOf(values.database),
      json: values.json,
      keep: values.keep,
    };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

function databaseOf(value: string): Options['database'] {
  if (value === 'mariadb' || value === 'mysql') return value;
  throw new Error('--database must be mariadb or mysql.');
}

function namesLike(wanted: string): string[] {
  if (wanted === 'soak') return [];
  const start = wanted.endsWith('*') ? wanted.slice(0, -1) : null;
  const found = faults.filter(({ name }) => (start === null ? name === wanted : name.startsWith(start)));
  if (found.length === 0) throw new Error(`There is no fault "${wanted}".`);
  return found.map(({ name }) => name);
}

function whole(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < least) throw new Error(`--${name} must be a whole number from ${least}.`);
  return number;
}
