import type { Crowd, Person } from './people.ts';
import type { Arrived } from './system.ts';

type Sent = {
  crowd: Crowd;
  phones: ReadonlySet<string>;
  sender: Person;
  at: number;
  last: number;
  reached: Set<string>;
};
export type Counts = { expected: number; delivered: number; duplicated: number; missing: number; strayed: number };

/** Counts every text at every handset. Each text carries its own mark, so that nothing is mistaken for another. */
export function openTally(run: string) {
  const sent = new Map<string, Sent>();
  const phones = new Map<Crowd, ReadonlySet<string>>();
  const mark = new RegExp(`#${run}-(\\d+)$`);
  let [expected, delivered, duplicated, strayed] = [0, 0, 0, 0];

  return {
    markOf: (at: number): string => `#${run}-${at}`,
    /** To be told before the text goes out, so that no delivery is earlier than its text. */
    going(at: number, crowd: Crowd, sender: Person): void {
      const own = phones.get(crowd) ?? phonesOf(crowd);
      phones.set(crowd, own);
      sent.set(String(at), { crowd, phones: own, sender, at: Date.now(), last: 0, reached: new Set() });
    },
    /** The service took it: from now on everybody but its sender waits for it. */
    taken(at: number): void {
      expected += sent.get(String(at))?.crowd.others.length ?? 0;
    },
    /** Counts a text at a handset; false for one that is not of this run. */
    arrived({ to, text, at }: Arrived): boolean {
      const found = mark.exec(text);
      const message = found?.[1] === undefined ? undefined : sent.get(found[1]);
      if (!message) return false;
      if (to === message.sender.phone || !message.phones.has(to)) strayed += 1;
      else if (message.reached.has(to)) duplicated += 1;
      else {
        message.reached.add(to);
        delivered += 1;
        message.last = Math.max(message.last, at);
      }
      return true;
    },
    counts: (): Counts => ({ expected, delivered, duplicated, missing: Math.max(0, expected - delivered), strayed }),
    /** For each text, the milliseconds until its last recipient had it; ascending. */
    timesToLast: (): number[] =>
      [...sent.values()]
        .filter(({ last }) => last > 0)
        .map(({ at, last }) => last - at)
        .sort((a, b) => a - b),
    /** From the first text to the last delivery, in milliseconds. */
    span(): number {
      const all = [...sent.values()];
      const [first, last] = [Math.min(...all.map(({ at }) => at)), Math.max(...all.map(({ last }) => last))];
      return Math.max(1, last - first);
    },
  };
}

function phonesOf({ creator, others }: Crowd): ReadonlySet<string> {
  return new Set([creator, ...others].map(({ phone }) => phone));
}
