import type { RecentMessage } from '../command-context.ts';
import { cutLines } from '../fit.ts';
import { groupFields } from '../group-fields.ts';
import { cleanText, codePoints } from '../names.ts';
import { clampToSegments } from '../segments.ts';
import { toGsm } from '../text.ts';
import { wording } from '../wording.ts';
import { words } from '../words.ts';
import { answer, type CommandRows, explain } from './command.ts';

/** What counts among what was said: the pinned text, and the last ones. */
export const catchUp = {
  pinned: {
    also: ['pins', 'showpin'],
    usage: '*pinned',
    does: 'shows what is pinned',
    permission: 'readMessages',
    run({ membership: { roster } }) {
      const { name: group, pinned } = roster.group;
      return answer(pinned === null ? pinTexts.nothingPinned({ group }) : pinTexts.pinned({ group, text: pinned }));
    },
  },
  last: {
    also: ['recent', 'latest', 'history', 'missed', 'catchup'],
    usage: '*last 5',
    does: 'sends the last texts again, 1 to 10',
    permission: 'readMessages',
    needs: 'recent',
    run({ membership: { roster }, rest, context, how }) {
      const { name: group } = roster.group;
      const wanted = rest === '' ? USUAL_LAST : Number(/^(\d{1,2})[.!]?$/u.exec(rest.normalize('NFKC'))?.[1] ?? 0);
      if (wanted < 1 || wanted > MOST_LAST) return explain(how);
      const said = (context.recent ?? []).filter(isKept).slice(0, wanted).reverse();
      return answer(said.length === 0 ? pinTexts.nothingSaid({ group }) : pinTexts.last({ said: said.map(lineOf) }));
    },
  },
  likes: {
    also: ['liked', 'like', 'reactions', 'hearts'],
    usage: '*likes',
    does: 'shows the liked texts',
    permission: 'readMessages',
    needs: 'recent',
    run({ membership: { roster }, context }) {
      const { name: group } = roster.group;
      const liked = (context.recent ?? []).filter((one) => one.likes > 0 && isKept(one)).slice(0, USUAL_LAST);
      if (liked.length === 0) return answer(pinTexts.nothingLiked({ group }));
      const said = liked.reverse().map((one) => `+${one.likes} ${lineOf(one)}`);
      return answer(pinTexts.likes({ group, said }));
    },
  },
  pin: {
    usage: '*pin TEXT',
    does: 'pins it for newcomers; *pin the last one',
    permission: 'changeGroup',
    needs: 'recent',
    run({ membership: { roster, member }, rest, said, context, how }) {
      const { name: group } = roster.group;
      if (rest !== '') {
        const pinned = cleanText(rest);
        if (pinned === '' || said.media.length > 0) return explain(how);
        if (codePoints(pinned) > LONGEST_PIN) return answer(pinTexts.pinTooLong());
        return pin({ group, pinned, wordsOf: member.id });
      }
      // Newcomers get it: what was said to one member alone is nobody else’s.
      const last = (context.recent ?? []).find((one) => one.forAll && isKept(one) && !isBare(one));
      if (last === undefined) return answer(pinTexts.nothingToPin({ group }));
      return pin({ group, pinned: shortened(cleanText(last.text)), wordsOf: last.senderId });
    },
  },
  unpin: {
    usage: '*unpin',
    does: 'takes it away',
    isAnswer: true,
    permission: 'changeGroup',
    run({ membership: { roster } }) {
      const { name: group, pinned } = roster.group;
      if (pinned === null) return answer(pinTexts.nothingPinned({ group }));
      return [{ kind: 'setGroup', patch: { pinned: null } }, ...answer(pinTexts.unpinned({ group }))];
    },
  },
} satisfies CommandRows;

const USUAL_LAST = 5;
const MOST_LAST = 10;
export const LONGEST_PIN = groupFields.pinned.parameter.limit;

function pin({ group, pinned, wordsOf }: { group: string; pinned: string; wordsOf: number | null }) {
  const done = answer(pinTexts.isPinned({ group, text: pinned }));
  return [{ kind: 'setGroup' as const, patch: { pinned }, wordsOf }, ...done];
}

function shortened(text: string): string {
  return codePoints(text) <= LONGEST_PIN
    ? text
    : `${[...text]
        .slice(0, LONGEST_PIN - 2)
        .join('')
        .trimEnd()}..`;
}

type Words = Pick<RecentMessage, 'text' | 'hasMedia'>;

/** The contents of old messages go after a time. */
function isKept({ text, hasMedia }: Words): boolean {
  return text !== '' || hasMedia;
}

/** A picture without words: nothing follows the name. */
function isBare({ text, hasMedia }: Words): boolean {
  return hasMedia && /^[^:]*:?$/u.test(text);
}

/** As it stands on handsets; a picture is named. */
export function lineOf(message: Words): string {
  return message.hasMedia ? `${message.text} (${words().picture})` : message.text;
}

/** What these commands say. */
export const pinTexts = wording(
  {
    pinned: ({ group, text }: { group: string; text: string }) =>
      clampToSegments(toGsm(`Pinned in "${group}": ${text}`), 2),
    isPinned: ({ group, text }: { group: string; text: string }) =>
      cutLines(`Pinned in "${group}" for newcomers. *pinned shows it, *unpin takes it away:`, [text]),
    unpinned: ({ group }: { group: string }) => `Nothing is pinned in "${group}" any more.`,
    nothingPinned: ({ group }: { group: string }) =>
      `Nothing is pinned in "${group}". Its owner can pin a text by *pin.`,
    nothingToPin: ({ group }: { group: string }) =>
      `There's no text to everyone in "${group}" to pin. *pin TEXT pins one.`,
    pinTooLong: () => `That's too long to pin: ${LONGEST_PIN} letters at most. Nothing was changed.`,
    nothingSaid: ({ group }: { group: string }) => `Nobody has texted "${group}" since you joined.`,
    nothingLiked: ({ group }: { group: string }) =>
      `None of the last texts in "${group}" was liked. Like one on your phone, and it is counted.`,
    likes: ({ group, said }: { group: string; said: readonly string[] }) =>
      cutLines(`Likes and other reactions in "${group}":`, said),
    last: ({ said }: { said: readonly string[] }) =>
      cutLines(said.length === 1 ? 'The last text:' : `The last ${said.length} texts:`, said, LAST_SEGMENTS),
  },
  { lists: ['last'] },
);
/** Ten texts in two segments would be three words each. */
export const LAST_SEGMENTS = 3;
