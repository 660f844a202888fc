import { parseArgs } from 'node:util';
import { type Reporting, reportings } from '../../dev/simulator/reports.ts';
import { settings as knownSettings } from '../../engine/platform/settings.ts';
import { cases } from './cases/index.ts';
import { growthCases } from './growth.ts';
import { OLD_DELIVERIES } from './old-deliveries.ts';

export type Options = {
  names: string[];
  rounds: number;
  share: number;
  oldDeliveries: number;
  reporting: Reporting | undefined;
  profile: string | undefined;
  /** Settings of the engine in place of the bench's own. */
  settings: Record<string, string>;
  /** Results that are there already: they are shown, and nothing is measured. */
  from: string | undefined;
  publish: boolean;
};

const width = Math.max(...cases.map(({ name }) => name.length));

export const help = `Usage: npm run bench [-- OPTIONS]

  --case NAME       only this case; may be given several times
  --rounds N        measured rounds after those to warm up, 5; long cases take fewer
  --share N         so much of the work of a round, from 0.01 to 1
  --quick           2 rounds of a tenth: shows that it runs, measures little
  --old-deliveries N
                    rows of a year that retention deletes from, ${OLD_DELIVERIES.toLocaleString('en-US')}
  --reports WHICH   what the simulated carrier reports on each text, in every case: ${reportings.join(', ')}
  --set NAME=VALUE  a setting of the engine in place of the bench's own, in every case; may be given several times
  --profile FOLDER  CPU profiles of all Node processes, for the browser's developer tools
  --from FOLDER     measures nothing: shows and draws what a run has left in this folder of bench-results/
  --publish         also writes the figures and pictures of docs/; with only the cases ${growthCases.join(', ')},
                    docs/growth.md

Starts servers, engine and carrier of its own and removes them afterwards. Each run leaves its figures as JSON and its
pictures as SVG and PNG in a folder of bench-results/. All of it takes about 50 minutes. Kannel takes part where it is
installed (Debian: apt-get install kannel; it needs no settings and need not run).
Exit code 1: a figure misses what it must reach, or the run failed.

Cases:
${cases.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join('\n')}

Examples:
  npm run bench -- --quick
  npm run bench -- --case whole-path --case webhook --rounds 3
  npm run bench -- --case backlog --share 0.2
  npm run bench -- --case whole-path --set LOOP_ANSWERS=1000
  npm run bench -- --case whole-path --profile /tmp/profiles
  npm run bench -- --case retention --old-deliveries 100000000
  npm run bench -- --publish
`;

/** Reads the command line; `wrong` says what is wrong with it. */
export function readOptions(args: string[]): Options | 'help' | { wrong: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        case: { type: 'string', multiple: true, default: cases.map(({ name }) => name) },
        rounds: { type: 'string' },
        share: { type: 'string' },
        quick: { type: 'boolean', default: false },
        'old-deliveries': { type: 'string', default: String(OLD_DELIVERIES) },
        reports: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        profile: { type: 'string' },
        from: { type: 'string' },
        publish: { type: 'boolean', default: false },
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
    const share = Number(values.share ?? (values.quick ? 0.1 : 1));
    if (!(share >= 0.01 && share <= 1)) return { wrong: '--share must be a number from 0.01 to 1.' };
    const oldDeliveries = Number(values['old-deliveries']);
    if (!Number.isInteger(oldDeliveries) || oldDeliveries < 10_000)
      return { wrong: '--old-deliveries must be a whole number from 10000.' };
    const { profile, from, publish } = values;
    const settings: [name: string, value: string][] = [];
    for (const given of values.set) {
      const [, name, value] = /^([^=]+)=(.*)$/.exec(given) ?? [];
      if (name === undefined || value === undefined) return { wrong: `--set must be NAME=VALUE, not "${given}".` };
      if (!Object.hasOwn(knownSettings, name)) return { wrong: `There is no setting "${name}".` };
      settings.push([name, value]);
    }
    const lacks = growthCases.some((name) => !values.case.includes(name));
    if (publish && from === undefined && (share < 1 || lacks || settings.length > 0))
      return {
        wrong: `--publish needs all cases, or for docs/growth.md alone ${growthCases.join(', ')}, each whole, with the settings of the bench.`,
      };
    return {
      names: values.case,
      rounds,
      share,
      oldDeliveries,
      reporting,
      profile,
      settings: Object.fromEntries(settings),
      from,
      publish,
    };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}
