import { parseArgs } from 'node:util';
import { type Reporting, reportings } from '../../dev/simulator/reports.ts';
import { cases } from './cases/index.ts';

export type Options = {
  names: string[];
  rounds: number;
  share: number;
  reporting: Reporting | undefined;
  profile: string | undefined;
};

export const help = `Usage: npm run bench [-- OPTIONS]

  --case NAME       only this case; may be given several times: ${cases.map(({ name }) => name).join(', ')}
  --rounds N        measured rounds after a warm-up, 5
  --quick           2 short rounds: shows that it runs, measures little
  --reports WHICH   what the simulated carrier reports on each text, in every case: ${reportings.join(', ')}
  --profile FOLDER  CPU profiles of all Node processes, for the browser's developer tools

Starts servers, engine and carrier of its own and removes them afterwards. Results go to bench-results/ as JSON.
Exit code 1: a figure misses what it must reach, or the run failed.
`;

/** Reads the command line; a string says what is wrong with it. */
export function readOptions(args: string[]): Options | 'help' | { wrong: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        case: { type: 'string', multiple: true, default: cases.map(({ name }) => name) },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        reports: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const unknown = values.case.find((name) => !cases.some((known) => known.name === name));
    if (unknown !== undefined) return { wrong: `There is no case "${unknown}".` };
    const reporting = reportings.find((known) => known === values.reports);
    if (reporting === undefined && values.reports !== undefined)
      return { wrong: `--reports must be one of ${reportings.join(', ')}.` };
    const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
    if (!Number.isInteger(rounds) || rounds < 1) return { wrong: '--rounds must be a whole number from 1.' };
    return { names: values.case, rounds, share: values.quick ? 0.1 : 1, reporting, profile: values.profile };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}
