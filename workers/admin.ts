#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { CommanderError } from 'commander';
import { audited, LONGEST_REASON } from '../db/audit.ts';
import { DatabaseUnavailable, type Db, openDb, rehearse, TlsFailed } from '../db/connect.ts';
import { BadAddress } from '../db/server-address.ts';
import { readSettingFiles } from '../db/setting-files.ts';
import { type Call, type Command, type Env, Misuse, NotPossible, type Outcome } from './admin/command.ts';
import { usageOf } from './admin/commands.ts';
import { type Parsed, parse } from './admin/parse.ts';

/** `ask`: puts a question to the operator; undefined where nobody sits there. */
export type Terminal = {
  out(text: string): void;
  err(text: string): void;
  ask?: ((question: string) => Promise<string>) | undefined;
};

/** Runs one command. Returns the exit code: 0 done, 1 not possible, 2 not understood. */
export async function admin(words: readonly string[], env: Env, terminal: Terminal): Promise<number> {
  let parsed: Parsed;
  try {
    parsed = parse(words, terminal);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  const { command, asJson } = parsed;
  try {
    const outcome = command.offline ? await command.run({ env }) : await withDatabase(command, parsed, env, terminal);
    terminal.out(`${asJson ? JSON.stringify(outcome.json, null, 2) : outcome.text}\n`);
    return outcome.failed === true ? 1 : 0;
  } catch (error) {
    return sayWhy(error, usageOf(command), terminal);
  }
}

async function withDatabase(command: Command, parsed: Parsed, env: Env, terminal: Terminal): Promise<Outcome> {
  const { env: read, wrong } = readSettingFiles(env, ['MYSQL_URL']);
  const url = read.MYSQL_URL;
  if (!url) throw new NotPossible(wrong[0] ?? 'MYSQL_URL is missing, and no `npm start` runs here.');
  let db: Db | undefined;
  try {
    db = openDb(url, { size: 1 });
    const { reason, ...options } = parsed.options;
    const { args, isRehearsal } = parsed;
    const tell = (line: string) => terminal.err(`${line}\n`);
    const call = { db, env, args, options, reason: reason ?? null, now: new Date(), isRehearsal, tell };
    if (isRehearsal) return unlessSaid(await rehearse(db, (tx) => command.run({ ...call, db: tx })));
    if (command.asks && !parsed.yes) await agree(await command.asks(call), terminal);
    return command.changes ? await withAudit(command, call) : await command.run(call);
  } finally {
    await db?.destroy();
  }
}

function unlessSaid({ text, json }: Outcome): Outcome {
  return { text: `Nothing was done. This is what would be said:\n${text}`, json: { ...json, dryRun: true } };
}

async function agree(question: string, { ask }: Terminal): Promise<void> {
  if (ask === undefined) throw new Misuse(`${question} Nobody is there to answer: say --yes.`);
  if (!/^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim())) throw new NotPossible('Nothing was done.');
}

async function withAudit(command: Command, call: Call): Promise<Outcome> {
  const { reason, db, env, args, options, now } = call;
  if (reason !== null && reason.length > LONGEST_REASON)
    throw new Misuse(`The reason is longer than ${LONGEST_REASON} characters.`);
  const named = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const act = { who: whoIn(env), act: command.words.join(' '), words: [...args, ...named], reason, now };
  return audited(db, act, () => command.run(call));
}

function whoIn({ OPERATOR }: Env): string {
  return (OPERATOR?.trim() || userInfo().username).slice(0, 100);
}

/** Returns the exit code; throws again what is a mistake of ours. */
function sayWhy(error: unknown, usage: string, terminal: Terminal): number {
  if (error instanceof Misuse) terminal.err(`${error.message}\nUsage: ${usage}\n`);
  else if (error instanceof NotPossible) terminal.err(`${error.message}\n`);
  else if (error instanceof BadAddress || error instanceof TlsFailed) terminal.err(`${error.message}.\n`);
  else if (error instanceof DatabaseUnavailable) terminal.err('The database that MYSQL_URL names does not answer.\n');
  else throw error;
  return error instanceof Misuse ? 2 : 1;
}

/** What a person types at the question; nobody is there where the input is no terminal. */
export function terminalOf({ stdin, stdout, stderr }: NodeJS.Process): Terminal {
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    ask: stdin.isTTY
      ? async (question) => {
          const lines = createInterface({ input: stdin, output: stderr });
          try {
            return await lines.question(question);
          } finally {
            lines.close();
          }
        }
      : undefined,
  };
}

// npm starts it through a link.
if (process.argv[1] !== undefined && import.meta.filename === realpathSync(process.argv[1]))
  process.exitCode = await admin(process.argv.slice(2), process.env, terminalOf(process));
