import type { Text } from '../../dev/simulator/log.ts';
import { readTryName, type TryOf } from '../../engine/rules/try-name.ts';
import { pushedSince } from './apps.ts';
import type { Fixture } from './fixture.ts';
import { idIn, type Said } from './load.ts';

/** What reached phones of what the load said: each part of a text at each phone, the first copy first. */
export type Copies = {
  get(name: Name): readonly Text[];
  all(): Iterable<Name & { texts: readonly Text[] }>;
};

/** A part of a text, at a phone. */
export type Name = { id: number; phone: string; part: number };

/** Gathers the copies of what the load says; each look reads only what came since the last one. */
export function gatherCopies(fixture: Pick<Fixture, 'simulator' | 'pushes'>): () => Copies {
  const { simulator } = fixture;
  const found = new Map<string, Name & { texts: Text[] }>();
  let seen = simulator.accepted.at(-1)?.seq ?? 0;
  let pushed = fixture.pushes.taken.length;

  function add(text: Text): void {
    const id = idIn(text.text);
    if (id === null) return;
    const name = { id, phone: text.to, part: (tryOf(text)?.part ?? 0) + 1 };
    const entry = found.get(keyOf(name)) ?? { ...name, texts: [] };
    entry.texts.push(text);
    entry.texts.sort((a, b) => a.at - b.at);
    found.set(keyOf(name), entry);
  }

  return () => {
    for (let page = simulator.textsAfter(seen); page.texts.length > 0; page = simulator.textsAfter(seen)) {
      for (const text of page.texts) add(text);
      seen = page.next;
    }
    const count = fixture.pushes.taken.length;
    for (const text of pushedSince(fixture, pushed)) add(text);
    pushed = count;
    return { get: (name) => found.get(keyOf(name))?.texts ?? [], all: () => found.values() };
  };
}

/** The try that brought a copy; null for a push. */
export function tryOf({ url }: Text): TryOf | null {
  return URL.canParse(url) ? readTryName(new URL(url).searchParams.get('d') ?? '') : null;
}

function keyOf({ id, phone, part }: Name): string {
  return `${id} ${phone} ${part}`;
}

/** All that a text is to bring. By push it comes whole. */
export function namesOf({ id, to, parts }: Said, copies: Copies): Name[] {
  return to.flatMap((phone) => {
    const whole = { id, phone, part: 1 };
    const isWhole = copies.get(whole).some(({ url }) => url.startsWith('push:'));
    return isWhole ? [whole] : Array.from({ length: parts }, (_, at) => ({ id, phone, part: at + 1 }));
  });
}
