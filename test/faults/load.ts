import type { Fixture } from './fixture.ts';
import { nowAndThen } from './now-and-then.ts';
import type { Random } from './random.ts';

/** Something that a member said, and whether we promised to bring it to the others. */
export type Said = {
  id: number;
  door: 'text' | 'call';
  groupId: number;
  /** Who is to get it. */
  to: readonly string[];
  /** Texts that each of them is to get: a long one is split. */
  parts: number;
  saidAt: number;
  /** When 200 came; null for what was not taken, or is still under way. */
  acceptedAt: number | null;
};

/** People text in all groups, by handset and by app, at random moments, until it is stopped. */
export type Load = {
  said: readonly Said[];
  /** Says no more, and waits until the carrier has brought or given up what was said. */
  stop(): Promise<void>;
};

/** One text in 4 is said by an app. */
const CALLS = 4;
/** One text in 10 is so long that it is split, in groups of few: it takes as many segments as twenty others. */
const LONG = 10;
const FEW = 10;

let lastId = 0;

export function startLoad(fixture: Fixture, { random, rate }: { random: Random; rate: number }): Load {
  const said: Said[] = [];

  async function say(): Promise<void> {
    const group = random.pick(fixture.groups);
    const door = random.next() < 1 / CALLS ? 'call' : 'text';
    const from = door === 'call' ? (group.phones[0] ?? '') : random.pick(group.phones);
    const id = ++lastId;
    const parts = !fixture.paced && group.phones.length <= FEW && random.next() < 1 / LONG ? 2 : 1;
    const message = words(id, parts);
    const one: Said = {
      ...{ id, door, groupId: group.id, parts },
      to: group.phones.filter((phone) => phone !== from),
      saidAt: Date.now(),
      acceptedAt: null,
    };
    said.push(one);
    const taken =
      door === 'call'
        ? await sendByCall(fixture, { sid: group.sid, number: group.number, message })
        : (await fixture.simulator.text({ from, to: group.number, text: message })).status === 200;
    if (taken) one.acceptedAt = Date.now();
  }

  return { said, stop: nowAndThen({ random, rate }, say) };
}

/** The words of a text name it, in each part. */
function words(id: number, parts: number): string {
  const line = `Who comes along? ~${id}~`;
  return parts === 1 ? line : `${line} `.repeat(LONG_CHARACTERS / line.length).trim();
}
/** Two parts: one holds 1,600 characters. */
const LONG_CHARACTERS = 2_200;

/** Which text this is a copy of; null for texts that nobody of the load said. */
export function idIn(text: string): number | null {
  const id = /~(\d+)~/.exec(text)?.[1];
  return id === undefined ? null : Number(id);
}

async function sendByCall(fixture: Fixture, params: Record<string, string>): Promise<boolean> {
  try {
    const body = new URLSearchParams(params);
    const answer = await fetch(`${fixture.api}/message/send`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(8_000),
    });
    const { status } = (await answer.json()) as { status: string };
    return answer.status === 200 && status === 'OK';
  } catch {
    return false;
  }
}
