import { readFile, writeFile } from 'node:fs/promises';
import { endpoints } from '../api/endpoints/index.ts';
import { mediaLimits } from '../engine/carriers/plivo/media.ts';
import { settings } from '../engine/platform/settings.ts';
import { commands } from '../engine/rules/commands.ts';
import { serviceCommands } from '../engine/rules/service-commands.ts';
import { commands as operatorCommands, usageOf } from '../workers/admin/commands.ts';
import { drawClientCalls } from './client-calls.ts';
import { clockRows, hoursRows } from './hours-tables.ts';

/**
 * The tables of our documents, drawn from the code. `npm run docs` writes them; a test fails while they differ. One that a Node with
 * other data on time zones has drawn stays as it is, but for `redraw`.
 */
export function withTables(document: string, { redraw = false } = {}): string {
  let drawn = document;
  for (const [name, table] of Object.entries(tables)) {
    const between = new RegExp(`(<!-- ${name} -->\n)([\\s\\S]*?)(<!-- /${name} -->)`);
    drawn = drawn.replace(between, (whole: string, open: string, before: string, close: string) =>
      !redraw && isOfOtherClocks(before) ? whole : `${open}${table()}\n${close}`,
    );
  }
  return drawn;
}

const tables = {
  settings: () =>
    drawTable(
      ['setting', 'default', 'meaning'],
      Object.entries(settings).map(([name, row]) => [
        `\`${name}\``,
        !('default' in row) ? 'required' : row.default === '' ? '' : `\`${row.default}\``,
        row.help,
      ]),
    ),
  endpoints: () =>
    drawTable(
      ['URL', 'does'],
      endpoints.map(({ url, summary }) => [`\`${url}\``, summary]),
    ),
  commands: () =>
    drawTable(
      ['command', 'does'],
      commands.map(({ usage, does }) => [`\`${usage}\``, does]),
    ),
  'service-commands': () =>
    drawTable(
      ['to the service number', 'does'],
      serviceCommands.map(({ usage, does }) => [`\`${usage}\``, does]),
    ),
  'operator-commands': () =>
    drawTable(
      ['`npm run admin --` …', 'does'],
      operatorCommands.map((command) => [`\`${usageOf(command)}\``, command.does]),
    ),
  media: () =>
    drawTable(
      ['at most', 'of', 'what is over'],
      Object.values(mediaLimits).map(({ limit, what, over }) => [limit.toLocaleString('en-US'), what, over]),
    ),
  hours: () => drawTable(['phones of', 'zones', 'Monday to Friday', 'Saturday', 'Sunday', 'source'], hoursRows()),
  clocks: () => drawTable([`zone, by tz ${process.versions.tz}`, '2026', '2027'], clockRows()),
};

/** A later law of some zone comes with a later Node. */
function isOfOtherClocks(table: string): boolean {
  const version = /by tz (\w+)/.exec(table)?.[1];
  return version !== undefined && version !== process.versions.tz;
}

function drawTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Every setting with what it means, to copy to `.env`: those that are required stand empty, the others with their default. */
export function drawEnvExample(): string {
  const rows = Object.entries(settings).map(([name, row]) => {
    const line = 'default' in row ? `# ${name}=${row.default}` : `${name}=`;
    return `# ${row.help}\n${line}\n`;
  });
  return `# Copy to .env. Each setting may also stand in a file: NAME_FILE=/run/secrets/name. One carrier has to be set up.\n\n${rows.join('\n')}`;
}

export const envExamplePath = new URL('../.env.example', import.meta.url);
export const clientCallsPath = new URL('../client/calls.ts', import.meta.url);
export const drawClient = () => drawClientCalls(endpoints);
export const readmePath = new URL('../README.md', import.meta.url);
export const documentPaths = [
  readmePath,
  new URL('../docs/operating.md', import.meta.url),
  new URL('../docs/hours.md', import.meta.url),
];

const HELP =
  'npm run docs: draws the tables of README.md, docs/operating.md and docs/hours.md, .env.example and client/calls.ts from the code. It takes no arguments.';

if (import.meta.filename === process.argv[1]) process.exitCode = await main(process.argv.slice(2));

/** Returns the exit code. What it does not know changes nothing. */
async function main([argument]: readonly string[]): Promise<number> {
  if (argument !== undefined) {
    const asksForHelp = argument === '--help' || argument === '-h';
    console.log(asksForHelp ? HELP : `"${argument}" is nothing that it takes.\n${HELP}`);
    return asksForHelp ? 0 : 2;
  }
  for (const path of documentPaths) await writeFile(path, withTables(await readFile(path, 'utf8'), { redraw: true }));
  await writeFile(envExamplePath, drawEnvExample());
  await writeFile(clientCallsPath, drawClient());
  console.log(
    'The tables of README.md, docs/operating.md and docs/hours.md, .env.example and client/calls.ts are up to date.',
  );
  return 0;
}
