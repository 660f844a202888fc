import { setTimeout as sleep } from 'node:timers/promises';
import { row } from '../../db/connect.ts';
import type { Fixture } from './fixture.ts';

/** Calls of the API that change something; each can be found and counted in the database afterwards. */
export type Calls = {
  /** Calls once, whatever comes of it. */
  once(kind: Kind): Promise<void>;
  /** Calls until it is done, as an app does that minds Retry-After; returns what it was told before. */
  insist(kind: Kind): Promise<readonly string[]>;
  /** Sentences on what was refused and happened, or was done and did not, or not as often as it was done. */
  check(): Promise<string[]>;
  /** How many calls were answered with each status so far. */
  counts(): Readonly<Record<number, number>>;
};
export type Kind = keyof typeof kinds;

/** How long a caller waits: an answer may take 20 s where it has to be found out first. */
const PATIENCE_MS = 30_000;
const MOST_TRIES = 20;

let lastId = 0;

export function openCalls(fixture: Fixture): Calls {
  const made: Made[] = [];
  const counts: Record<number, number> = {};

  async function ask(call: Made): Promise<{ status: number; waitMs: number }> {
    const { url, fields } = kinds[call.kind].call(fixture, call.name);
    const began = Date.now();
    const { status, why, waitMs } = await post(fixture.api + url, fields);
    counts[status] = (counts[status] ?? 0) + 1;
    if (status !== 200) call.refusals.push(`${status} ${why} after ${((Date.now() - began) / 1_000).toFixed(1)} s`);
    // As the reference says of it: whether it happened could not be found out.
    call.statuses.push(why === 'outcome' ? UNKNOWN : status);
    return { status, waitMs };
  }

  function begin(kind: Kind): Made {
    const call: Made = { kind, name: `call ${++lastId}`, statuses: [], refusals: [] };
    made.push(call);
    return call;
  }

  return {
    async once(kind) {
      await ask(begin(kind));
    },
    async insist(kind) {
      const call = begin(kind);
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const { status, waitMs } = await ask(call);
        if (status === 200) break;
        await sleep(waitMs);
      }
      return call.refusals;
    },
    async check() {
      const wrong: string[] = [];
      for (const call of made) {
        const happened = await kinds[call.kind].count(fixture, call.name);
        const [least, most] = expected(call);
        if (happened < least || happened > most)
          wrong.push(
            `${call.kind} "${call.name}" was answered ${call.statuses.join(', ')} and happened ${happened} times`,
          );
      }
      return wrong;
    },
    counts: () => counts,
  };
}

type Made = { kind: Kind; name: string; statuses: number[]; refusals: string[] };

/** Of what got no answer nobody knows. */
function expected({ kind, statuses }: Made): [number, number] {
  const done = statuses.filter((status) => status === 200).length;
  const unknown = statuses.filter((status) => status === UNKNOWN).length;
  return kinds[kind].isOnce ? [Math.min(1, done), Math.min(1, done + unknown)] : [done, done + unknown];
}

/** `isOnce`: it has a key, and every repeat of it is the same call. */
const kinds = {
  send: { isOnce: false, call: (fixture, name) => send(fixture, name), count: countMessages },
  'send with a key': {
    isOnce: true,
    call: (fixture, name) => send(fixture, name, { idempotency_key: name }),
    count: countMessages,
  },
  schedule: {
    isOnce: false,
    call(fixture, name) {
      const at = numberOf(name);
      const { sid, number } = groupAt(fixture, at);
      const when = new Date(Date.now() + DAY_MS + at * 1_000).toISOString().slice(0, 19).replace('T', ' ');
      return { url: '/message/schedule', fields: { sid, number, message: nameOf(name), when } };
    },
    count: (fixture, name) =>
      count(fixture, 'SELECT COUNT(*) AS found FROM schedules WHERE text LIKE ?', `%${nameOf(name)}`),
  },
  create: {
    isOnce: false,
    call(_, name) {
      const phone = (at: number) => `+1212${String(2_000_000 + 2 * numberOf(name) + at)}`;
      const fields = { group: name, name: 'Ann', number: phone(0), name_1: 'Bob', number_1: phone(1) };
      return { url: '/group/create', fields };
    },
    count: (fixture, name) => count(fixture, 'SELECT COUNT(*) AS found FROM `groups` WHERE name = ?', name),
  },
} as const satisfies Record<string, CallKind>;

const DAY_MS = 86_400_000;

type CallKind = {
  isOnce: boolean;
  call(fixture: Fixture, name: string): { url: string; fields: Record<string, string> };
  count(fixture: Fixture, name: string): Promise<number>;
};

function send(fixture: Fixture, name: string, more: Record<string, string> = {}): ReturnType<CallKind['call']> {
  const { sid, number } = groupAt(fixture, numberOf(name));
  return { url: '/message/send', fields: { sid, number, message: nameOf(name), ...more } };
}

/** What ends so has no other that ends so. */
function nameOf(name: string): string {
  return `This is ${name}`;
}

function numberOf(name: string): number {
  return Number(name.split(' ')[1]);
}

function groupAt({ groups }: Fixture, at: number): Fixture['groups'][number] {
  const group = groups[at % groups.length];
  if (group === undefined) throw new Error('there are no groups');
  return group;
}

function countMessages(fixture: Fixture, name: string): Promise<number> {
  return count(
    fixture,
    "SELECT COUNT(*) AS found FROM messages WHERE kind = 'said' AND text LIKE ?",
    `%${nameOf(name)}`,
  );
}

async function count({ db }: Fixture, sql: string, like: string): Promise<number> {
  return (await row<{ found: number }>(db, sql, [like]))?.found ?? 0;
}

/** What a call was answered. Status `UNKNOWN`: nothing. `waitMs`: when to call again. */
export type CallAnswer = { status: number; why: string; waitMs: number; body: Readonly<Record<string, unknown>> };

export async function post(url: string, fields: Record<string, string>): Promise<CallAnswer> {
  try {
    const form = new URLSearchParams(fields);
    const answer = await fetch(url, { method: 'POST', body: form, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = (await answer.json()) as { status?: string; error_subtype?: string };
    const { status, error_subtype: why = '' } = body;
    const waitMs = Number(answer.headers.get('retry-after') ?? 1) * 1_000;
    return { status: answer.status === 200 && status !== 'OK' ? REFUSED : answer.status, why, waitMs, body };
  } catch {
    return { status: UNKNOWN, why: 'no answer', waitMs: 1_000, body: {} };
  }
}
export const UNKNOWN = 0;
/** An error token of the API, that these calls should never meet. */
const REFUSED = 499;
