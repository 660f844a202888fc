import unhomoglyph from 'unhomoglyph';

/**
 * A folded name with its letters as they look: Cyrillic "аnn" and Latin "ann" come out alike. From Unicode's table of
 * confusables (UTS 39), but letters of other scripts alone become plain ones: the table also takes "m" for "rn" and
 * "I" for "l", which people's names differ by.
 */
export function asTheyLook(folded: string): string {
  if (plain.test(folded)) return folded;
  const letters = Array.from(folded.normalize('NFD'), (letter) =>
    /[\p{L}\p{N}]/u.test(letter) ? plainFor(letter) : letter,
  );
  return letters.join('').normalize('NFKC');
}

/** Digits are looked at too: "B0b". */
const plain = /^[a-z\s]*$/;

function plainFor(letter: string): string {
  let found = known.get(letter);
  if (found === undefined) {
    // Some look like another letter in upper case only: в is none of ours, В looks like B.
    const looks = [letter, letter.toUpperCase()].map(unhomoglyph).find((look) => /^[a-z0-9]{1,3}$/i.test(look));
    found = /^[a-z]$/.test(letter) ? letter : (looks?.toLowerCase() ?? letter);
    known.set(letter, found);
  }
  return found;
}

/** The table is a pattern of 6,000 branches: each letter goes through it once. */
const known = new Map<string, string>();
