import type { Text } from '../../../dev/simulator/log.ts';
import { tryOf } from '../copies.ts';
import { sayTwins } from '../verdict.ts';
import { type Heard, isOneDelivery } from './heard.ts';

/** Something that was said in a busy group. `line`: as it is told, in a text of its own or in one for several. */
export type Word = {
  id: number;
  line: string;
  to: readonly string[];
  saidAt: number;
  /** Null where nobody knows whether it was taken. */
  acceptedAt: number | null;
};

/** A word in a text at a phone, in the order of the texts and, in each, of the lines. */
export type Arrival = { id: number; phone: string; text: Text };

const NAMED = /w(\d+)w/;

/** `mangled`: sentences on lines that tell a word otherwise than it was said, or one of an earlier fault once more. */
export function arrivalsIn(texts: readonly Text[], words: readonly Word[]): { arrivals: Arrival[]; mangled: string[] } {
  const lines = new Map(words.map(({ id, line }) => [id, line]));
  const found: { arrivals: Arrival[]; mangled: string[] } = { arrivals: [], mangled: [] };
  for (const text of texts)
    for (const line of text.text.split('\n')) {
      const id = Number(NAMED.exec(line)?.[1]);
      const said = lines.get(id);
      if (said === undefined) {
        if (id < (words[0]?.id ?? 0))
          found.mangled.push(`bundles: w${id}w came to ${text.to} when its fault was long over`);
      } else if (said === line) found.arrivals.push({ id, phone: text.to, text });
      else found.mangled.push(`bundles: "${said}" was told to ${text.to} as "${line}"`);
    }
  return found;
}

export type Judged = {
  words: readonly Word[];
  arrivals: readonly Arrival[];
  /** By word: its id in its group; none where it was not kept. */
  ranks: ReadonlyMap<number, number>;
  heard: Heard;
  onHosts: boolean;
};

/**
 * What was accepted reached each of the others once, in a text of its own or in one for several; what was not reached all
 * or none; each phone got them in their order, and some of them in texts for several.
 */
export function judgeWords({ words, arrivals, ranks, heard, onHosts }: Judged): string[] {
  const at = new Map<string, Text[]>();
  for (const { id, phone, text } of arrivals) at.set(keyOf(id, phone), [...(at.get(keyOf(id, phone)) ?? []), text]);
  const sure = words.filter((word) => !timesOf(word, at).some((time) => heard.isDoubtful(...time)));
  const single = words.filter((word) => !timesOf(word, at).some((time) => heard.mayComeAgain(...time)));
  return [
    ...sure.flatMap((word) => findAstray(word, { at, arrivals })),
    ...single.flatMap((word) => findTwins(word, { at, heard })),
    // Between hosts a text whose outcome was unknown for a while comes when it can.
    ...(onHosts ? [] : findLate(sure, { arrivals, ranks })),
    ...(isBundled(sure, arrivals) ? [] : [`bundles: ${sure.length} texts came, and none in one for several`]),
  ];
}

function keyOf(id: number, phone: string): string {
  return `${id} ${phone}`;
}

type Copies = ReadonlyMap<string, readonly Text[]>;

/** When it was said, and when it was told to somebody. */
function timesOf({ id, to, saidAt, acceptedAt }: Word, at: Copies): [from: number, until: number][] {
  const copies = to.flatMap((phone) => at.get(keyOf(id, phone)) ?? []);
  return [
    [saidAt, acceptedAt ?? Number.POSITIVE_INFINITY],
    ...copies.map((copy): [number, number] => [copy.at, copy.at]),
  ];
}

function findAstray(
  { id, line, to, acceptedAt }: Word,
  { at, arrivals }: { at: Copies; arrivals: readonly Arrival[] },
): string[] {
  const missed = to.filter((phone) => !at.has(keyOf(id, phone)));
  const strayed = arrivals.filter((one) => one.id === id && !to.includes(one.phone));
  const isLost = missed.length > 0 && (acceptedAt !== null || missed.length < to.length);
  return [
    ...(isLost ? missed.map((phone) => `bundles: "${line}" did not reach ${phone}`) : []),
    ...strayed.map(({ phone }) => `bundles: "${line}" reached ${phone}, who said it or has no part in it`),
  ];
}

function findTwins({ id, line, to }: Word, { at, heard }: { at: Copies; heard: Heard }): string[] {
  return to.flatMap((phone) => {
    const copies = at.get(keyOf(id, phone)) ?? [];
    return copies.length > 1 && !isOneDelivery(copies, heard.reports)
      ? [`bundles: "${line}" came more than once: ${sayTwins(copies, heard.reports)}`]
      : [];
  });
}

/** As with the load, a try after the first comes when it can. */
function findLate(sure: readonly Word[], { arrivals, ranks }: Pick<Judged, 'arrivals' | 'ranks'>): string[] {
  const ids = new Set(sure.map(({ id }) => id));
  const last = new Map<string, { id: number; rank: number }>();
  const seen = new Set<string>();
  const late: string[] = [];
  for (const { id, phone, text } of arrivals) {
    const key = keyOf(id, phone);
    const rank = ranks.get(id);
    if (rank === undefined || !ids.has(id) || seen.has(key)) continue;
    seen.add(key);
    if (tryOf(text)?.attempt !== 1) continue;
    const before = last.get(phone);
    if (before !== undefined && rank < before.rank)
      late.push(`bundles: w${id}w came to ${phone} after w${before.id}w, which was said later`);
    else last.set(phone, { id, rank });
  }
  return late;
}

/** Where some were said while it was busy; else nothing of it was tried. */
function isBundled(sure: readonly Word[], arrivals: readonly Arrival[]): boolean {
  const accepted = sure.filter(({ acceptedAt }) => acceptedAt !== null);
  const texts = arrivals.map(({ text }) => text.seq);
  return (
    accepted.length < ENOUGH || new Set(arrivals.map(({ phone, text }) => `${phone} ${text.seq}`)).size < texts.length
  );
}
const ENOUGH = 10;
