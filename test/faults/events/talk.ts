import type { Event } from '../../../client/index.ts';
import type { Fixture } from '../fixture.ts';
import { nowAndThen } from '../now-and-then.ts';
import type { Random } from '../random.ts';

/** What members said for apps to hear, beside the load, and what of it was answered 200. */
export type Talk = { said: readonly Spoken[]; stop(): Promise<void> };
export type Spoken = { id: number; groupId: number; at: number; isTaken: boolean };

let lastId = 0;

export function startTalk({ groups, simulator }: Fixture, { random, rate }: { random: Random; rate: number }): Talk {
  const said: Spoken[] = [];

  async function say(): Promise<void> {
    const { id: groupId, number, phones } = random.pick(groups);
    const one: Spoken = { id: ++lastId, groupId, at: Date.now(), isTaken: false };
    said.push(one);
    const text = { from: random.pick(phones), to: number, text: `Does the app hear #${one.id}#?` };
    one.isTaken = (await simulator.text(text)).status === 200;
  }

  return { said, stop: nowAndThen({ random, rate }, say) };
}

/** Which of them an event tells of; null for any other. */
export function spokenIn({ message }: Event): number | null {
  const id = /#(\d+)#/.exec(message?.txt ?? '')?.[1];
  return id === undefined ? null : Number(id);
}

/** Sentences on what was answered 200 and heard by an app of its group other than once, or heard twice at all. */
export function findUnheard(
  said: readonly Spoken[],
  { name, groupId, heard }: { name: string; groupId: number; heard: readonly Event[] },
): string[] {
  const times = new Map<number, number>();
  for (const event of heard) {
    const id = spokenIn(event);
    if (id !== null) times.set(id, (times.get(id) ?? 0) + 1);
  }
  return said
    .filter((one) => one.groupId === groupId)
    .filter(({ id, isTaken }) => (times.get(id) ?? 0) > 1 || (isTaken && !times.has(id)))
    .map(({ id }) => `${name} heard text #${id}# ${times.get(id) ?? 0} times`);
}
