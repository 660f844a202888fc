import type { Bubble, Spread } from './bubble.ts';
import type { Text } from './log.ts';

type Said = { phone: string; name: string; bubble: Bubble };
type Noticed = { phone: string; id: string; spread: Spread };
type Kept = Said & { key: string; media: string; states: Map<string, string>; dollars: number };

/**
 * Finds the texts of the engine that are copies of a text from a handset. Nothing on the wire says so: they are told
 * by their words ("Alice: hello" is a copy of Alice's "hello"), so answers to commands and texts that the engine words
 * anew are the copies of none.
 */
export function openCopies() {
  let own: Kept[] = [];
  const ownerOf = new Map<string, Kept>();

  function find(text: Text): Kept | undefined {
    const { name, body, isPart } = readCopy(text.text);
    const [key, media] = [keyOf(body), text.media.join(' ')];
    const fits = own.filter(
      (kept) =>
        kept.phone !== text.to &&
        kept.media === media &&
        (isPart ? kept.key.includes(key) : kept.key === key && !kept.states.has(text.to)),
    );
    return fits.find((kept) => kept.name === name) ?? fits[0];
  }

  return {
    /** A handset's own text is on its way. */
    said({ phone, name, bubble }: Said): void {
      own = [...own.filter((kept) => kept.bubble.at > bubble.at - keptMs).slice(1 - mostOwn)];
      const known = new Set(own);
      for (const [uuid, kept] of ownerOf) if (!known.has(kept)) ownerOf.delete(uuid);
      const [key, media] = [keyOf(bubble.text), bubble.media.join(' ')];
      own.push({ phone, name, bubble, key, media, states: new Map(), dollars: 0 });
    },
    /** The carrier says something of a text of the engine; returns the own text that it is a copy of, as it stands now. */
    noticed(text: Text, state: string, dollarsOf: (text: Text) => number): Noticed | undefined {
      if (own.length === 0) return undefined;
      const known = ownerOf.get(text.uuid);
      const kept = known ?? find(text);
      if (kept === undefined) return undefined;
      if (known === undefined) {
        ownerOf.set(text.uuid, kept);
        if (state !== 'failed') kept.dollars += dollarsOf(text);
      }
      kept.states.set(text.to, state);
      const states = [...kept.states.values()];
      const count = (...wanted: string[]) => states.filter((each) => wanted.includes(each)).length;
      const spread = {
        to: states.length,
        delivered: count('delivered', 'read'),
        failed: count('failed', 'undelivered', 'rejected'),
        dollars: kept.dollars,
      };
      return { phone: kept.phone, id: kept.bubble.id, spread };
    },
  };
}

const mostOwn = 200;
const keptMs = 3_600_000;

/** "Alice: hello", "Alice (2/3): and so on". */
function readCopy(text: string): { name: string; body: string; isPart: boolean } {
  const [whole = '', name = '', part] = /^([^:\n]{1,60}?)(?: \((\d+\/\d+)\))?: ?/.exec(text) ?? [];
  return { name, body: text.slice(whole.length), isPart: part !== undefined };
}

/** What stays the same where quotes, dashes and spaces are written in another way. */
function keyOf(text: string): string {
  const letters = text.normalize('NFKC').replace(/[\p{P}\p{Z}\s]/gu, '');
  return letters === '' ? text.trim() : letters;
}
