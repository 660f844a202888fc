import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../../dev/simulator/types.ts';
import { nowAndThen } from '../faults/now-and-then.ts';
import type { Random } from '../faults/random.ts';
import type { RunningCell } from './cells.ts';

/** A group, on the primary that has it. */
export type TextedGroup = { cell: RunningCell; number: string; phones: readonly string[]; sid: string };

/** Something that a member said, by text or by call. */
export type Said = {
  id: number;
  cell: string;
  /** Who is to get it. */
  to: readonly string[];
  saidAt: number;
  /** When 200 came; null for what was not taken. */
  acceptedAt: number | null;
};

export type Doors = { simulator: Simulator; api: string };

let lastId = 0;

/** A member says something in a group: by text through the carrier, which brings it again where it is not taken, or an owner by a call. */
export async function say(doors: Doors, group: TextedGroup, { from, door }: Saying, noted: Said[] = []): Promise<Said> {
  const { cell, number, phones, sid } = group;
  const id = ++lastId;
  const text = `Who comes along? ~${id}~`;
  const to = phones.filter((phone) => phone !== from);
  const one: Said = { id, cell: cell.name, to, saidAt: Date.now(), acceptedAt: null };
  noted.push(one);
  const taken =
    door === 'call'
      ? (await call(doors, '/message/send', { sid, number, message: text })).status === 'OK'
      : (await doors.simulator.text({ from, to: number, text })).status === 200;
  if (taken) one.acceptedAt = Date.now();
  return one;
}
type Saying = { from: string; door: 'text' | 'call' };

/** What the API answers; nothing where it does not. */
export async function call(
  { api }: Doors,
  path: string,
  params: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const asked = { method: 'POST', body: new URLSearchParams(params), signal: AbortSignal.timeout(8_000) };
  const answer = await fetch(`${api}${path}`, asked).catch(() => null);
  return ((await answer?.json().catch(() => null)) ?? {}) as Record<string, unknown>;
}

export type Load = { said: readonly Said[]; stop(): Promise<void> };

/** People text in all groups at random moments, one text in four by an app, so many texts a second in all, until it is stopped. */
export function startLoad(
  doors: Doors,
  { groups, random, rate }: { groups: readonly TextedGroup[]; random: Random; rate: number },
): Load {
  const said: Said[] = [];
  const stop = nowAndThen({ random, rate }, () => {
    const group = random.pick(groups);
    const door = random.next() < 0.25 ? 'call' : 'text';
    const from = door === 'call' ? (group.phones[0] ?? '') : random.pick(group.phones);
    return say(doors, group, { from, door }, said);
  });
  return { said, stop };
}

/** By text and phone, when it came. */
export type Arrivals = ReadonlyMap<string, readonly number[]>;

export function arrivalsIn({ accepted }: Simulator): Arrivals {
  const found = new Map<string, number[]>();
  for (const { text, to, at } of accepted) {
    const id = /~(\d+)~/.exec(text)?.[1];
    if (id === undefined) continue;
    const key = keyOf(Number(id), to);
    found.set(key, [...(found.get(key) ?? []), at]);
  }
  return found;
}

function keyOf(id: number, phone: string): string {
  return `${id} ${phone}`;
}

export type Verdict = {
  texts: number;
  accepted: number;
  recipients: number;
  /** Of texts that were answered 200, by recipient. */
  lost: number;
  doubled: number;
  /** Came to somebody who had no part in it. */
  strayed: number;
  /** From a text to its last recipient, of those that were accepted, in milliseconds: the slowest, and the one in the middle. */
  slowest: number;
  median: number;
};

export function judge(said: readonly Said[], arrivals: Arrivals): Verdict {
  const accepted = said.filter(({ acceptedAt }) => acceptedAt !== null);
  const meant = new Set(said.flatMap(({ id, to }) => to.map((phone) => keyOf(id, phone))));
  const ids = new Set(said.map(({ id }) => id));
  const came = [...arrivals].filter(([key]) => ids.has(Number(key.split(' ')[0])));
  const kept = accepted.flatMap(({ id, to }) => to.map((phone) => keyOf(id, phone)));
  const times = accepted
    .map(({ id, to, saidAt }) =>
      Math.max(...to.map((phone) => (arrivals.get(keyOf(id, phone))?.[0] ?? saidAt) - saidAt)),
    )
    .sort((a, b) => a - b);
  return {
    texts: said.length,
    accepted: accepted.length,
    recipients: kept.length,
    lost: kept.filter((key) => !arrivals.has(key)).length,
    doubled: came.filter(([, at]) => at.length > 1).length,
    strayed: came.filter(([key]) => !meant.has(key)).length,
    slowest: times.at(-1) ?? 0,
    median: times[Math.floor(times.length / 2)] ?? 0,
  };
}

/** Waits until all has come that was accepted; false where it does not within that time. */
export async function untilAllCame(
  { simulator }: Doors,
  said: readonly Said[],
  { withinMs }: { withinMs: number },
): Promise<boolean> {
  const limit = Date.now() + withinMs;
  while (Date.now() < limit) {
    if (judge(said, arrivalsIn(simulator)).lost === 0) return true;
    await sleep(200);
  }
  return false;
}
