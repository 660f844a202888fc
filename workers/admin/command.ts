import { type AccountRow, findAccount } from '../../db/billing/accounts.ts';
import type { Sql } from '../../db/connect.ts';
import { findNumberSettings, type NumberSettings } from '../../db/groups/number-settings.ts';
import { findPerson } from '../../db/people/people.ts';
import type { PersonSheet } from '../../db/people/person-lookup.ts';
import { readSettingFiles } from '../../db/setting-files.ts';
import { settings } from '../../engine/platform/settings.ts';
import { readPhone, spellPhone } from '../../engine/rules/phone.ts';
import { findPersonSheet } from '../../engine/usecases/operating/find-person.ts';

/** What an operator may do from a terminal: a row. The parser, the help and the table of the guide are drawn from it. */
export type Command = Usage & { offline?: false; run(call: Call): Promise<Outcome> };
/** One that asks no database. */
export type OfflineCommand = Usage & { offline: true; run(call: Pick<Call, 'env'>): Outcome | Promise<Outcome> };

type Usage = {
  words: readonly string[];
  /** The arguments as a usage line writes them: `<must>`, `[may]`, `<several...>`. */
  takes: readonly string[];
  /** What is named with two dashes, and what it means: `--class <class>`. */
  options?: Readonly<Record<string, string>>;
  does: string;
  examples: readonly string[];
  /** It changes something, so a row of the audit log says who did it and why. */
  changes?: true;
  /** What an operator has to agree to first, where the act costs or destroys. */
  asks?: (call: Call) => Promise<string>;
};

/**
 * `args`: the arguments in their order, those of a list each by itself; `options`: by name, without the dashes; `reason`: of
 * `--reason`, where something changes.
 */
export type Call = {
  db: Sql;
  env: Env;
  args: readonly string[];
  options: Options;
  reason: string | null;
  now: Date;
  /** What it writes is taken back; nothing else may be done either. */
  isRehearsal: boolean;
  /** Says how far it is, while it works. */
  tell(line: string): void;
};
export type Options = { readonly [name: string]: string | undefined };
export type Env = { readonly [name: string]: string | undefined };
/** For people, and for programs (`--json`), with money in pennies. */
export type Outcome = {
  text: string;
  json: object;
  /** It says that something is wrong: exit code 1. */
  failed?: boolean;
};

/** It was not said right: exit code 2, with the usage. */
export class Misuse extends Error {}
/** It was said right, but cannot be done: exit code 1. */
export class NotPossible extends Error {}

/** The account of a phone in any spelling. Throws `Misuse` for what is no phone, `NotPossible` where it has none. */
export async function accountOf(
  call: Pick<Call, 'db' | 'env'>,
  written: string,
): Promise<AccountRow & { phone: string; personId: number }> {
  const phone = readPhone(written, phonesOf(call.env));
  if (phone === null) throw new Misuse(`"${written}" is no phone number.`);
  const person = await findPerson(call.db, phone);
  const account = person === undefined ? undefined : await findAccount(call.db, person.id);
  if (person === undefined || account === undefined)
    throw new NotPossible(`${phone} has no account. One is opened when they create their first group.`);
  return { ...account, phone, personId: person.id };
}

/**
 * What we know of a phone in any spelling and of any country, also of one that was forgotten: then its phone is the hash of it.
 * Throws `Misuse` for no phone, `NotPossible` for a stranger.
 */
export async function sheetOf({ db, env }: Pick<Call, 'db' | 'env'>, written: string): Promise<PersonSheet> {
  const phone = spellPhone(written, phonesOf(env));
  if (phone === null) throw new Misuse(`"${written}" is no phone number.`);
  const sheet = await findPersonSheet(db, { phone, secret: secretIn(env) });
  if (sheet === undefined) throw new NotPossible(`We know nobody with the phone ${phone}.`);
  return sheet;
}

/** A number of ours, with or without its `+` and with what people write between digits. Throws `NotPossible` for any other. */
export async function numberOf({ db }: Pick<Call, 'db'>, written: string): Promise<NumberSettings> {
  const bare = written.replace(/[\s().-]/g, '');
  const number = (await findNumberSettings(db, bare)) ?? (await findNumberSettings(db, `+${bare}`));
  if (number === undefined) throw new NotPossible(`${written} is no number of ours: see number list.`);
  return number;
}

/** What the processes key their hashes with; null where neither setting is given. */
export function secretIn(env: Env): string | null {
  const { env: read } = readSettingFiles(env, ['APP_SECRET', 'PLIVO_AUTH_TOKEN']);
  return read.APP_SECRET?.trim() || read.PLIVO_AUTH_TOKEN?.trim() || null;
}

/** How phones are read, by the settings. */
export function phonesOf(env: Env): { defaultRegion: string; allowedCountries: string[] } {
  return {
    defaultRegion: env.DEFAULT_REGION || settings.DEFAULT_REGION.default,
    allowedCountries: (env.ALLOWED_COUNTRIES || settings.ALLOWED_COUNTRIES.default).split(','),
  };
}

/** A month as people write it, UTC, as a half-open range. Throws `Misuse` for anything else. */
export function readMonth(written: string): { month: string; from: Date; until: Date } {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(written) ?? [];
  if (year === undefined || month === undefined) throw new Misuse(`"${written}" is no month such as 2026-01.`);
  const at = (months: number) => new Date(Date.UTC(Number(year), Number(month) - 1 + months, 1));
  return { month: written, from: at(0), until: at(1) };
}
