import { countSegments } from './segments.ts';
import { splitDelivered } from './text.ts';
import { texts } from './texts.ts';
import type { Member, Roster } from './types.ts';

/** What members may choose for themselves. */
export const batchChoices = ['live', 'batch'] as const;

/** How long somebody who only reads waits at most for what was said, in milliseconds. */
export const BUNDLE_MS = 3 * 60_000;

/** What a member is owed: a text, or none, and the row of the last message that told them what they were owed. */
export type Owing = { owes: boolean; lastId: number };

/**
 * Whether a text goes to a member at once (`live`), or is owed to them and told with what is owed to them already: as soon
 * as can be (`soon`), where they would have had it at once, or when it is due (`later`). So nothing overtakes.
 */
export function paceOf(
  member: Member,
  { message, group, talks, owing }: { message: Spoken; group: Roster['group']; talks: boolean; owing: Owing },
): 'live' | 'soon' | 'later' {
  const isForThem = message.toId !== null || message.hasMedia || message.senderId === member.id;
  if (!isForThem && !isLive(member, { group, talks })) return 'later';
  return owing.owes || message.id < owing.lastId ? 'soon' : 'live';
}

/** Pictures cannot be told in a text for several. */
type Spoken = { id: number; senderId: number | null; toId: number | null; hasMedia: boolean };

/** Their own choice wins; a push costs nothing and can be silenced; where replies go to the owner, what all get is news. */
export function isLive(member: Member, { group, talks }: { group: Roster['group']; talks: boolean }): boolean {
  if (member.sms === 2 || group.replyToOwner || member.batch === 'live') return true;
  return member.batch === null && (!group.hot || talks);
}

/** What was said, as its text stands on handsets. `isAlone`: to them only, or with a picture. */
export type Line = { id: number; text: string; media: string | null; isAlone: boolean };
/** One text that tells lines, in their order. */
export type Bundle = { text: string; media: string | null; lines: readonly Line[] };

/**
 * Tells all lines in texts that take the fewest segments, and of those the fewest texts: never more than each line in a
 * text of its own. One emoji makes a whole text longer, so lines with emoji and lines without may stand apart.
 */
export function bundle(group: string, lines: readonly Line[]): Bundle[] {
  const best: Plan[] = [{ segments: 0, bundles: [] }];
  for (let end = 1; end <= lines.length; end++) {
    const plans: Plan[] = [];
    for (let start = end - 1; start >= Math.max(0, end - MOST_LINES); start--) {
      const one = tellOf(group, lines.slice(start, end));
      const before = best[start];
      if (one === null || before === undefined) break;
      plans.push({ segments: before.segments + segmentsOf(one), bundles: [...before.bundles, one] });
    }
    best.push(plans.reduce((one, other) => (weightOf(other) < weightOf(one) ? other : one)));
  }
  return best.at(-1)?.bundles ?? [];
}

type Plan = { segments: number; bundles: Bundle[] };
/** On a small screen nobody reads more at once. */
const MOST_LINES = 20;

/** Segments come first: there are fewer texts than this. */
function weightOf({ segments, bundles }: Plan): number {
  return segments * 10_000 + bundles.length;
}

/** Null where these lines cannot stand in one text. */
function tellOf(group: string, lines: readonly Line[]): Bundle | null {
  const [first] = lines;
  if (first === undefined) return null;
  if (lines.length === 1) return { text: first.text, media: first.media, lines };
  if (lines.some(({ isAlone }) => isAlone)) return null;
  const said = lines.map(({ text }) => text);
  const text = texts.bundle({ group: countSegments(group).encoding === 'GSM-7' ? group : null, said });
  return splitDelivered(text).length === 1 ? { text, media: null, lines } : null;
}

function segmentsOf({ text }: Bundle): number {
  return splitDelivered(text).reduce((sum, part) => sum + countSegments(part).segments, 0);
}
