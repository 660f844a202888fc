import { parseArgs } from 'node:util';
import { findAccount, setAccountType } from '../db/accounts.ts';
import { DatabaseAway, type Db, openDb } from '../db/connect.ts';
import { findPerson } from '../db/people.ts';
import { readPhone } from '../engine/rules/phone.ts';
import { settings } from '../engine/settings.ts';

/** What an operator may do from a terminal: a row each, in the order of the words that call it. */
const commands: readonly Command[] = [
  {
    words: ['account', 'type'],
    usage: 'account type PHONE F|T|P',
    does: 'makes the account of a phone free (F: it is never charged), trial (T) or paid (P)',
    run: changeType,
  },
];
type Command = { words: readonly string[]; usage: string; does: string; run(call: Call): Promise<string> };
type Call = { db: Db; env: Env; rest: readonly string[] };
type Env = { readonly [name: string]: string | undefined };
export type Terminal = { out(text: string): void; err(text: string): void };

const help = `Usage: npm run admin -- COMMAND, or in production: node dist/workers/admin.js COMMAND

${commands.map(({ usage, does }) => `  ${usage}\n      ${does}`).join('\n')}

Works on the database that MYSQL_URL names, or else on that of a running \`npm start\`. Examples:
  npm run admin -- account type +12015550123 F
  MYSQL_URL=mysql://USER:PASSWORD@HOST/texting node dist/workers/admin.js account type "(201) 555-0123" P
`;

/** Runs one command; answers the exit code: 0 done, 1 not possible, 2 not understood. */
export async function admin(args: readonly string[], env: Env, terminal: Terminal): Promise<number> {
  const { words, wantsHelp } = readWords(args);
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
  if (!env.MYSQL_URL) {
    terminal.err('MYSQL_URL is missing, and no `npm start` runs here.\n');
    return 1;
  }
  const db = openDb(env.MYSQL_URL, { size: 1 });
  try {
    terminal.out(`${await command.run({ db, env, rest: words.slice(command.words.length) })}\n`);
    return 0;
  } catch (error) {
    if (error instanceof Misuse) terminal.err(`${error.message}\nUsage: ${command.usage}\n`);
    else if (error instanceof NotPossible) terminal.err(`${error.message}\n`);
    else if (error instanceof DatabaseAway) terminal.err('The database that MYSQL_URL names does not answer.\n');
    else throw error;
    return error instanceof Misuse ? 2 : 1;
  } finally {
    await db.destroy();
  }
}

class Misuse extends Error {}
class NotPossible extends Error {}

async function changeType({ db, env, rest }: Call): Promise<string> {
  const [written, type] = rest;
  if (written === undefined || type === undefined || rest.length > 2)
    throw new Misuse('A phone and a type are needed.');
  const phone = readPhone(written, {
    defaultRegion: env.DEFAULT_REGION || settings.DEFAULT_REGION.default,
    allowedCountries: (env.ALLOWED_COUNTRIES || settings.ALLOWED_COUNTRIES.default).split(','),
  });
  if (phone === null) throw new Misuse(`"${written}" is no phone number.`);
  if (!isType(type)) throw new Misuse(`"${type}" is no account type.`);
  const person = await findPerson(db, phone);
  const account = person === undefined ? undefined : await findAccount(db, person.id);
  if (account === undefined)
    throw new NotPossible(`${phone} has no account. One is opened when they create their first group.`);
  await setAccountType(db, { phone, type });
  return `The account of ${phone} is of type ${type} (it was ${account.type}); its balance is ${account.balance} pennies.`;
}

function isType(text: string): text is 'F' | 'T' | 'P' {
  return ['F', 'T', 'P'].includes(text);
}

function readWords(args: readonly string[]): { words: string[]; wantsHelp: boolean } {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false });
  return { words: positionals, wantsHelp: values.help === true };
}

if (import.meta.filename === process.argv[1]) {
  const { stdout, stderr } = process;
  const terminal = { out: (text: string) => void stdout.write(text), err: (text: string) => void stderr.write(text) };
  process.exitCode = await admin(process.argv.slice(2), process.env, terminal);
}
