import { type FieldTable, shapeOf, type ValuesOf } from './fields.ts';
import { cleanText } from './names.ts';
import { type PhoneSettings, readPhone } from './phone.ts';

/** Somebody who is to be a member, as they are named by call or by text. */
const memberInputFields = { name: { type: 'optionalText' }, phone: { type: 'phone' } } as const satisfies FieldTable;
export type MemberInput = ValuesOf<typeof memberInputFields>;

/** The shape in which a draft keeps its members; one of another shape cannot be read. */
export const DRAFT_SHAPE = shapeOf(memberInputFields);

/**
 * The names and phones that somebody typed: "Bob (212) 555-0100, Sue 212.555.0101", one or many, split by commas,
 * semicolons or lines, or by nothing; also with bullets or numbers in front, and rows of a spreadsheet with first and
 * last name apart. Pieces that are no pair come back as they were typed; a spreadsheet's headings are left out.
 */
export function readPairs(text: string, phones: PhoneSettings): { pairs: MemberInput[]; wrong: string[] } {
  const pairs: MemberInput[] = [];
  const wrong: string[] = [];
  let waiting: string | null = null;
  let nameless: MemberInput | undefined;
  for (const cells of linesOf(text)) {
    if (pairs.length === 0 && waiting === null && isHeading(cells)) continue;
    const row = rowIn(cells, phones);
    if (row !== null) {
      if (waiting !== null) wrong.push(waiting);
      waiting = null;
      nameless = undefined;
      pairs.push(...row);
      continue;
    }
    for (const piece of cells) {
      const found = pairsIn(piece, phones);
      const [only] = found ?? [];
      if (nameless !== undefined && !/\d/.test(piece)) {
        // "212-555-0100, Bob": the same the other way round.
        nameless.name = nameIn(piece) || null;
        nameless = undefined;
        continue;
      }
      if (waiting !== null && found?.length === 1 && only?.name === null) {
        // "Bob, 212-555-0100": the comma stands inside a pair.
        pairs.push({ name: nameIn(waiting) || null, phone: only.phone });
        waiting = null;
        continue;
      }
      nameless = found?.length === 1 && only?.name === null ? only : undefined;
      if (waiting !== null) wrong.push(waiting);
      waiting = null;
      if (found !== null) pairs.push(...found);
      else if (/\d/.test(piece)) wrong.push(piece);
      else waiting = piece;
    }
  }
  if (waiting !== null) wrong.push(waiting);
  return { pairs, wrong };
}

/** A name as somebody typed it: cleaned, without the quotes around it; one that closes inside is part of the name. */
export function nameIn(text: string): string {
  const name = cleanText(cleanText(text).slice(0, LONGEST_NAME));
  const inner = name.replace(/^["'“”„«‘’]+|["'“”«»‘’]+$/gu, '');
  const isAround = !/["“”„«»]/u.test(inner) || (isQuote.test(name.charAt(0)) && isQuote.test(name.slice(-1)));
  return isAround ? cleanText(inner) : name;
}
/** Any longer one is too long all the same, and looking for its quotes would take its time. */
const LONGEST_NAME = 200;
const isQuote = /["'“”„«»‘’]/u;

/** As much as anybody types, with room; longer than a name and a phone for each member of a large group. */
const LONGEST = 5_000;

/** The cells of each line that has any. */
function linesOf(text: string): string[][] {
  return text
    .slice(0, LONGEST)
    .split(/[;；\n]/u)
    .map((line) =>
      line
        .split(/[,，、]/u)
        .map(cellOf)
        .filter((cell) => cell !== ''),
    )
    .filter((cells) => cells.length > 0);
}

/** A piece without the "and", the bullet, the number or the check box in front of it. */
function cellOf(typed: string): string {
  const cell = cleanText(typed).replace(/^(?:and|y|et|&|\+) /u, '');
  return cell.replace(listMark, '');
}

const listMark =
  /^(?:[*+>-] |[-–—](?=\p{L})|[•‣⁃◦▪▫●○■□☐☑✓✔➤►▶→·∙–—] ?|\[[ xX]?\] ?|\(?\d{1,3}[.)\]](?: |(?=\p{L}))|\d{1,2}\uFE0F?\u20E3 ?|#\d{1,3} )+/u;

/** Words above a column; a line of nothing else holds nobody. */
function isHeading(cells: readonly string[]): boolean {
  const words = cells.flatMap((cell) => cell.toLowerCase().split(/[^\p{L}]+/u)).filter((word) => word !== '');
  return words.length > 1 && words.every((word) => headings.has(word));
}

const headings: ReadonlySet<string> = new Set(
  [
    'first last full given family middle sur name names surname phone phones number numbers cell mobile tel telephone email mail e no contact member',
    'nombre nombres apellido apellidos completo teléfono telefono teléfonos telefonos número numero números numeros celular móvil movil correo contacto miembro',
    'nom noms prénom prenom prénoms prenoms numéro numéros téléphone portable courriel membre',
  ].flatMap((words) => words.split(' ')),
);

/**
 * The pairs of a line whose cells are names or numbers, each number after its names or each before them:
 * "Ann,Lee,212-555-0100". Null for any other line, and for a single cell.
 */
function rowIn(cells: readonly string[], phones: PhoneSettings): MemberInput[] | null {
  const kept = cells.filter((cell) => !/^\S+@\S+$/u.test(cell));
  if (kept.length < 2) return null;
  const read: (string | { phone: string })[] = [];
  for (const cell of kept) {
    const [only, ...more] = pairsIn(cell, phones) ?? [];
    if (only === undefined && !/\d/.test(cell)) read.push(cell);
    else if (only !== undefined && only.name === null && more.length === 0) read.push({ phone: only.phone });
    else return null;
  }
  // Read from the end, a row that begins with its number looks like one that ends with it.
  const inOrder = typeof read[0] === 'string' ? read : read.toReversed();
  if (typeof inOrder[0] !== 'string' || typeof inOrder.at(-1) === 'string') return null;
  const pairs: MemberInput[] = [];
  let names: string[] = [];
  for (const one of inOrder) {
    if (typeof one === 'string') {
      names.push(one);
      continue;
    }
    if (names.length === 0 || names.length > MOST_NAME_CELLS) return null;
    const typed = inOrder === read ? names : names.reverse();
    pairs.push({ name: nameIn(typed.map(nameIn).join(' ')) || null, phone: one.phone });
    names = [];
  }
  return inOrder === read ? pairs : pairs.reverse();
}

/** First, middle and last name. */
const MOST_NAME_CELLS = 3;

/** "Bob (2125550100)." ends in no name. */
function afterNumber(text: string): string {
  return text.replace(/^[^\p{L}\p{N}\p{S}"'“‘«„]+/u, '');
}

/** What kind of number it is is no part of a name: "Ann cell: 212-555-0100", "Ann 212-555-0100 (mobile)". */
function withoutLabel(text: string): string {
  return text.replace(
    /(?:^|[\s(,]+)(?:cell|cellphone|mobile|phone|tel|telephone|ph|number|cel|celular|móvil|movil|teléfono|telefono|número|numero|portable|téléphone|numéro)[.:#)]*$/iu,
    '',
  );
}

/** null where a piece is no pair, or something is left over. */
function pairsIn(piece: string, phones: PhoneSettings): MemberInput[] | null {
  const found = phonesIn(piece, phones);
  const [first] = found;
  if (first === undefined) return null;
  const tail = nameIn(withoutLabel(afterNumber(piece.slice(found.at(-1)?.end)).slice(0, LONGEST_NAME)));
  if (found.length === 1 && nameIn(piece.slice(0, first.start)) === '') {
    return [{ name: tail || null, phone: first.phone }];
  }
  if (tail !== '') return null;
  return found.map(({ start, phone }, at) => {
    const before = piece.slice(found[at - 1]?.end ?? 0, start).slice(-LONGEST_NAME);
    const typed = withoutLabel(before.trimEnd().replace(/[\s:=.–—-]{1,5}$/u, '')).replace(/[\s:=-]{1,5}$/u, '');
    // "Al 212-555-0100 and Ed 212-555-0101": the word between two is nobody’s name.
    const name = nameIn(at === 0 ? typed : cellOf(afterNumber(typed)));
    return { name: name || null, phone };
  });
}

/** Long enough for a number that is written with spaces, brackets and an international prefix. */
const numberLike = /[+(\d][\d\s().+/\u2010-\u2015-]{5,30}\d/gu;

function phonesIn(piece: string, phones: PhoneSettings): { start: number; end: number; phone: string }[] {
  return [...piece.matchAll(numberLike)].flatMap((run) => {
    const end = run.index + run[0].length;
    for (const start of wordsIn(piece, run.index, end)) {
      const phone = readPhone(piece.slice(start, end).replace(/[\u2010-\u2015]/gu, '-'), phones);
      if (phone !== null) return [{ start, end, phone }];
    }
    return [];
  });
}

/** Where words begin: in "Bob 2 2125550100" the first number belongs to the name. */
function wordsIn(text: string, from: number, end: number): number[] {
  const starts = [from];
  for (let at = from + 1; at < end; at++) if (text[at - 1] === ' ') starts.push(at);
  return starts;
}
