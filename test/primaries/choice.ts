import { createHash } from 'node:crypto';
import { readTryName } from '../../engine/rules/try-name.ts';
import { STEP } from '../spider/servers.ts';

/** What the router knows of a primary: the remainder of the ids that it makes, and the numbers of the pool that it has. */
export type Cell = { offset: number; numbers: readonly string[] };

/** A request, as far as the router reads it. */
export type Asked = { path: string; query: string; type: string; body: string; repeatKey?: string | undefined };

/**
 * Who is asked. `one`: the first of them. `each`: all of them, and their answers are joined. `first`: one after the other, until one
 * knows what is meant.
 */
export type Choice = { how: 'one' | 'each' | 'first'; cells: readonly number[] };

/** What lists or counts the groups of a person, or of everybody. */
const OF_EACH = new Set(['/member/groups', '/group/list', '/message/count', '/message/grand/total']);
/** What names a group by its code, or a person who is perhaps in groups of one alone: NOT_FOUND says that the next may know. */
const IN_TURN = new Set(['/group/join', '/group/invite/check', '/member/find']);

/**
 * Chooses by the group: by the number of ours through which it is reached, or by the id of a message in the address of a report. New
 * groups go to each primary in turn; what names no group goes to the first, which has people, sessions and money.
 */
export function choose(asked: Asked, { cells, turn }: { cells: readonly Cell[]; turn: number }): Choice {
  const { path } = asked;
  const fields = fieldsOf(asked);
  const all = cells.map((_, at) => at);
  const one = (at: number): Choice => ({ how: 'one', cells: [Math.max(at, 0)] });
  const byNumber = (...names: readonly string[]) => {
    const numbers = names.map((name) => digitsOf(fields.get(name) ?? ''));
    return cells.findIndex((cell) => cell.numbers.some((number) => numbers.includes(digitsOf(number))));
  };
  if (path === '/plivo/status' || path === '/plivo/report') {
    const { messageId = 0 } = readTryName(fields.get('d') ?? '') ?? {};
    return one(cells.findIndex(({ offset }) => messageId % STEP === offset));
  }
  if (path.startsWith('/plivo/')) return one(byNumber('To'));
  if (path === '/group/create')
    return one(placeOf(asked.repeatKey ?? fields.get('idempotency_key'), turn) % cells.length);
  const at = byNumber('group', 'number');
  if (at >= 0) return one(at);
  if (OF_EACH.has(path)) return { how: 'each', cells: all };
  return IN_TURN.has(path) ? { how: 'first', cells: all } : one(0);
}

/** A call that is repeated under its key goes where it went. */
function placeOf(key: string | undefined, turn: number): number {
  return key === undefined ? turn : createHash('sha256').update(key).digest().readUInt32BE();
}

/** The answers of all primaries as one: lists one behind the other, the grand total as a sum, all else as the first says. */
export function joinAnswers(answers: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const [first = {}, ...others] = answers;
  const joined = Object.entries(first).map(([name, value]) => {
    const more = others.map((answer) => answer[name]);
    if (Array.isArray(value)) return [name, [...value, ...more.flatMap((list) => (Array.isArray(list) ? list : []))]];
    return [name, name === 'cnt' ? more.reduce<number>((sum, count) => sum + Number(count), Number(value)) : value];
  });
  return Object.fromEntries(joined) as Record<string, unknown>;
}

/** The body goes before the query, as in the program. Neither has to be readable: then it names no group. */
function fieldsOf({ query, type, body }: Asked): ReadonlyMap<string, string> {
  const fields = new Map(new URLSearchParams(query));
  if (type.includes('json')) {
    for (const [name, value] of Object.entries(parsed(body)))
      if (typeof value === 'string' || typeof value === 'number') fields.set(name, String(value));
  } else for (const [name, value] of new URLSearchParams(body)) fields.set(name, value);
  return fields;
}

function parsed(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Carriers leave out the plus, people the country. */
function digitsOf(number: string): string {
  const digits = number.replace(/\D/g, '');
  return digits.length === 10 ? `1${digits}` : digits;
}
