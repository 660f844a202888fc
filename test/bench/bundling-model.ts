import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BUNDLE_MS, bundle, isLive, type Line, paceOf } from '../../engine/rules/bundles.ts';
import { CALM, feel, type Pulse, TALKS_MS } from '../../engine/rules/heat.ts';
import { countSegments } from '../../engine/rules/segments.ts';
import { prefixed, splitDelivered } from '../../engine/rules/text.ts';
import type { Member, Roster } from '../../engine/rules/types.ts';

/** A chat as it was said: when, by which member, how many characters, and whether an emoji is among them. */
export type Shape = { members: number; texts: readonly { at: number; by: number; words: string }[] };

/** What reached handsets: segments and texts in all, the lines of each member in order, and the longest that one waited. */
export type Reached = { segments: number; texts: number; lines: ReadonlyMap<number, number[]>; longestMs: number };

export const SHAPES = ['burst', 'calm-evening', 'event-day', 'two-in-100'] as const;

export function readShape(name: (typeof SHAPES)[number]): Shape {
  const told = readFileSync(path.join(import.meta.dirname, 'shapes', `${name}.csv`), 'utf8')
    .trim()
    .split('\n');
  const members = Number(/^# (\d+) members/.exec(told[0] ?? '')?.[1]);
  const texts = told
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.split(',').map(Number))
    .map(([second = 0, by = 0, length = 0, emoji]) => ({
      at: second * 1_000,
      by,
      words: (emoji === 1 ? '\u{1F602} ' : '') + 'so see you all there then '.repeat(20).slice(0, length).trim(),
    }));
  return { members, texts };
}

/** The same rules as the engine’s, on a clock of their own: what a chat costs that is told at once, or in batches. */
export function playChat(group: Roster['group'], roster: readonly Member[], shape: Shape, batches: boolean): Reached {
  const of = { ...group, batches, hot: false };
  const owed = new Map<number, { lines: (Line & { at: number })[]; dueAt: number }>();
  const talkedAt = new Map<number, number>();
  const lines = new Map<number, number[]>(roster.map(({ id }) => [id, []]));
  const reached = { segments: 0, texts: 0, lines, longestMs: 0 };
  let pulse: Pulse = [];

  function send(to: number, texts: readonly { text: string; ids: readonly number[] }[]): void {
    for (const { text, ids } of texts) {
      reached.texts++;
      reached.segments += splitDelivered(text).reduce((sum, part) => sum + countSegments(part).segments, 0);
      lines.get(to)?.push(...ids);
    }
  }

  /** A second of the clock: who is due is told, and a group that has calmed down is busy no more. */
  function tick(now: number): void {
    for (const [id, { lines: mine, dueAt }] of owed) {
      if (dueAt > now) continue;
      owed.delete(id);
      reached.longestMs = Math.max(reached.longestMs, now - (mine[0]?.at ?? now));
      send(
        id,
        bundle(of.name, mine).map((one) => ({ text: one.text, ids: one.lines.map((line) => line.id) })),
      );
    }
    const last = shape.texts.filter(({ at }) => at <= now).at(-CALM.texts);
    if (of.hot && last !== undefined && last.at <= now - CALM.withinMs) of.hot = false;
  }

  let clock = 0;
  for (const [index, { at, by, words }] of shape.texts.entries()) {
    for (; clock < at; clock += 1_000) tick(clock);
    const sender = roster[by - 1];
    if (sender === undefined) throw new Error(`a shape has no member ${by}`);
    const id = index + 1;
    const text = prefixed({ ...sender, text: words });
    talkedAt.set(sender.id, at);
    const talks = (one: Member) => (talkedAt.get(one.id) ?? Number.NEGATIVE_INFINITY) > at - TALKS_MS;
    for (const member of roster) {
      const mine = owed.get(member.id);
      if (mine !== undefined && isLive(member, { group: of, talks: talks(member) })) mine.dueAt = at;
      if (member.id === sender.id) continue;
      const said = { id, senderId: sender.id, toId: null, hasMedia: false };
      const owing = { owes: mine !== undefined, lastId: 0 };
      const pace = paceOf(member, { message: said, group: of, talks: talks(member), owing });
      if (pace === 'live') send(member.id, [{ text, ids: [id] }]);
      else {
        const dueAt = pace === 'soon' ? at : at + BUNDLE_MS;
        const line = { id, text, media: null, isAlone: false, at };
        owed.set(member.id, { lines: [...(mine?.lines ?? []), line], dueAt: Math.min(mine?.dueAt ?? dueAt, dueAt) });
      }
    }
    const felt = feel(pulse, { messageId: id, at });
    pulse = felt.pulse;
    if (batches && felt.busy) of.hot = true;
  }
  for (const end = clock + BUNDLE_MS + 1_000; clock <= end; clock += 1_000) tick(clock);
  return reached;
}
