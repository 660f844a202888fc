import { Command as Parser } from 'commander';
import type { Command, OfflineCommand, Options } from './command.ts';
import { commands, usageOf } from './commands.ts';

/** A command that somebody wrote: `null` where they asked for help, and got it. */
export type Parsed = {
  command: Command | OfflineCommand;
  args: string[];
  options: Options;
  asJson: boolean;
  yes: boolean;
  /** What a verb that writes would do is said, and taken back. */
  isRehearsal: boolean;
};

/**
 * Reads the words of a command line. Unknown commands and options are refused with the nearest known one, as are too few
 * or too many arguments: throws commander's error, whose `exitCode` is 0 where help was asked for. What is to be said has
 * been said by then.
 */
export function parse(words: readonly string[], say: { out(text: string): void; err(text: string): void }): Parsed {
  let parsed: Parsed | undefined;
  const program = parserOf('admin').description(ABOUT).usage('COMMAND [options]').enablePositionalOptions();
  const nouns = new Map<string, Parser>();
  for (const command of commands) {
    const parser = leafOf(nouns, program, command);
    for (const argument of command.takes) parser.argument(argument);
    for (const [flags, says] of Object.entries(command.options ?? {})) parser.option(flags, says);
    parser.option('--json', 'for programs, with money in pennies');
    if (command.changes)
      parser
        .option('--reason <text>', 'why, for the audit log')
        .option('--dry-run', 'says what it would do, and does nothing');
    if (command.asks) parser.option('--yes', 'asks nothing: for scripts');
    parser
      .description(sentence(command.does))
      .addHelpText('after', `\n${examplesOf([command])}`)
      .action((...given: unknown[]) => {
        const { json, yes, dryRun, ...options } = parser.opts<Flags & Options>();
        const args = given.slice(0, command.takes.length).flatMap((one) => (one === undefined ? [] : [one].flat()));
        const said = { asJson: json === true, yes: yes === true, isRehearsal: dryRun === true };
        parsed = { command, args: args.map(String), options, ...said };
      });
  }
  program.addHelpText('after', `\n${table()}\n\n${examplesOf(commands)}`);
  for (const one of [program, ...nouns.values(), ...program.commands.flatMap((noun) => [noun, ...noun.commands])])
    one
      .exitOverride()
      .configureOutput({ writeOut: say.out, writeErr: say.err })
      .showHelpAfterError('(--help shows how)');
  program.parse([...words], { from: 'user' });
  if (parsed === undefined) throw new Error('a command line was read as nothing');
  return parsed;
}

type Flags = { json?: true; yes?: true; dryRun?: true };

const ABOUT = `Works on the database that MYSQL_URL names, or else on that of a running \`npm start\`. In production:
node dist/workers/admin.js COMMAND. Who did it stands in the audit log: OPERATOR, or else the user of the system.`;

function parserOf(name: string): Parser {
  return new Parser(name).helpCommand(true);
}

/** The last word of a command, below its nouns. */
function leafOf(nouns: Map<string, Parser>, program: Parser, { words }: Pick<Command, 'words'>): Parser {
  const [first = '', ...rest] = words;
  const [verb] = rest;
  // A noun may be a command by itself as well.
  const noun = nouns.get(first) ?? program.command(first).description(`${first} COMMAND: see ${first} --help`);
  nouns.set(first, noun);
  return verb === undefined ? noun : noun.command(verb);
}

function table(): string {
  return commands.map((command) => `  ${usageOf(command)}\n      ${command.does}`).join('\n');
}

function examplesOf(of: readonly (Command | OfflineCommand)[]): string {
  const lines = of.flatMap(({ examples }) => examples.map((example) => `  npm run admin -- ${example}`));
  return ['Examples:', ...lines].join('\n');
}

function sentence(does: string): string {
  return `${does.charAt(0).toUpperCase()}${does.slice(1)}.`;
}
