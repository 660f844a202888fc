/**
 * Words as the full-text index keeps them. MySQL leaves out stop words and words of one or two letters, and servers
 * differ in which; so each word gets a letter and an underscore in front, and every character that is no Latin letter
 * or digit becomes five plain ones. What begins alike stays alike at its beginning.
 */

/** The words of a name or description, without case, accents and apostrophes; Chinese and Japanese by character. */
export function wordsOf(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/[\p{M}'’ʼ]/gu, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC');
  return (folded.match(WORD) ?? []).map((word) => word.replace(FOREIGN, encode).slice(0, LONGEST));
}

/**
 * What is indexed of a group: its name's words with `n_`, and with `a_` those of its name and description. A space
 * around each, so that a whole word can be told from a beginning.
 */
export function indexed({ name, description }: { name: string; description: string | null }): string {
  const inName = wordsOf(name);
  const anywhere = [...inName, ...wordsOf(description ?? '')];
  const all = [...inName.map((word) => `n_${word}`), ...anywhere.map((word) => `a_${word}`)];
  return ` ${[...new Set(all)].join(' ')} `;
}

/** Written without spaces, so that each character is a word. */
const UNSPACED = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]`;
const WORD = new RegExp(String.raw`${UNSPACED}|\p{Extended_Pictographic}|(?:(?!${UNSPACED})[\p{L}\p{N}])+`, 'gu');
const FOREIGN = /[^a-z0-9]/gu;
/** The index leaves out words of more than 84 characters; two are for the front. */
const LONGEST = 80;

function encode(character: string): string {
  return `_${(character.codePointAt(0) ?? 0).toString(36).padStart(4, '0')}`;
}
