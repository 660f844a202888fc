import { parseArgs } from 'node:util';
import { DatabaseUnavailable, type Db, openDb, TlsFailed } from '../db/connect.ts';
import { BadAddress } from '../db/server-address.ts';
import { accountDeduct, accountGrant } from './admin/account-correction.ts';
import { accountStatement } from './admin/account-statement.ts';
import { accountType } from './admin/account-type.ts';
import { books } from './admin/books.ts';
import { campaign } from './admin/campaign.ts';
import {
  type Command,
  type Env,
  Misuse,
  NotPossible,
  type OfflineCommand,
  type Options,
  type Outcome,
} from './admin/command.ts';
import { numberList } from './admin/number-list.ts';
import { numberSet } from './admin/number-set.ts';

/** What an operator may do from a terminal; a new command is a new row. */
const commands: readonly (Command | OfflineCommand)[] = [
  accountType,
  accountStatement,
  accountGrant,
  accountDeduct,
  books,
  campaign,
  numberList,
  numberSet,
];

export type Terminal = { out(text: string): void; err(text: string): void };

const help = `Usage: npm run admin -- COMMAND [--json], or in production: node dist/workers/admin.js COMMAND [--json]

${commands.map(({ usage, does }) => `  ${usage}\n      ${does}`).join('\n')}

--json answers for programs, with money in pennies. Works on the database that MYSQL_URL names, or else on that of a
running \`npm start\`. Examples:
${commands.flatMap(({ examples }) => examples.map((example) => `  npm run admin -- ${example}`)).join('\n')}
  MYSQL_URL=mysql://USER:PASSWORD@HOST/texting node dist/workers/admin.js books
`;

/** Runs one command. Returns the exit code: 0 done, 1 not possible, 2 not understood. */
export async function admin(args: readonly string[], env: Env, terminal: Terminal): Promise<number> {
  const { words, options, wantsHelp, asJson } = readWords(args);
  if (wantsHelp || words[0] === 'help') {
    terminal.out(help);
    return 0;
  }
  const command = commands.find((one) => one.words.every((word, at) => words[at] === word));
  if (command === undefined) {
    const what = words.length === 0 ? 'Which command?' : `There is no command "${words.join(' ')}".`;
    terminal.err(`${what}\n\n${help}`);
    return 2;
  }
  const rest = words.slice(command.words.length);
  const say = ({ text, json }: Outcome) => terminal.out(`${asJson ? JSON.stringify(json, null, 2) : text}\n`);
  if (command.offline) {
    try {
      say(command.run({ env, rest }));
      return 0;
    } catch (error) {
      return sayWhy(error, command, terminal);
    }
  }
  if (!env.MYSQL_URL) {
    terminal.err('MYSQL_URL is missing, and no `npm start` runs here.\n');
    return 1;
  }
  let db: Db | undefined;
  try {
    db = openDb(env.MYSQL_URL, { size: 1 });
    say(await command.run({ db, env, rest, options, now: new Date() }));
    return 0;
  } catch (error) {
    return sayWhy(error, command, terminal);
  } finally {
    await db?.destroy();
  }
}

/** Returns the exit code; throws again what is a mistake of ours. */
function sayWhy(error: unknown, { usage }: Pick<Command, 'usage'>, terminal: Terminal): number {
  if (error instanceof Misuse) terminal.err(`${error.message}\nUsage: ${usage}\n`);
  else if (error instanceof NotPossible) terminal.err(`${error.message}\n`);
  else if (error instanceof BadAddress || error instanceof TlsFailed) terminal.err(`${error.message}.\n`);
  else if (error instanceof DatabaseUnavailable) terminal.err('The database that MYSQL_URL names does not answer.\n');
  else throw error;
  return error instanceof Misuse ? 2 : 1;
}

function readWords(args: readonly string[]): {
  words: string[];
  options: Options;
  wantsHelp: boolean;
  asJson: boolean;
} {
  const known = {
    help: { type: 'boolean', short: 'h' },
    json: { type: 'boolean' },
    class: { type: 'string' },
    campaign: { type: 'string' },
  } as const;
  const { positionals, values } = parseArgs({ args: [...args], options: known, allowPositionals: true, strict: false });
  const { class: numberClass, campaign } = values;
  const options = {
    ...(typeof numberClass === 'string' ? { class: numberClass } : {}),
    ...(typeof campaign === 'string' ? { campaign } : {}),
  };
  return { words: positionals, options, wantsHelp: values.help === true, asJson: values.json === true };
}

if (import.meta.filename === process.argv[1]) {
  const { stdout, stderr } = process;
  const terminal = { out: (text: string) => void stdout.write(text), err: (text: string) => void stderr.write(text) };
  process.exitCode = await admin(process.argv.slice(2), process.env, terminal);
}
