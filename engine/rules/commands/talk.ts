import { type Addressee, readAddressee } from '../addressee.ts';
import { isSilent } from '../audience.ts';
import type { Effect } from '../effects.ts';
import { findList, type GroupList, readListed } from '../lists.ts';
import { runsGroup } from '../permissions.ts';
import { prefixed, toGsm } from '../text.ts';
import { texts } from '../texts.ts';
import type { Member } from '../types.ts';
import { wording } from '../wording.ts';
import { answer, type Call, type CommandRows, callBy, explain } from './command.ts';
import { listTexts, sayToList } from './lists.ts';
import { withMember } from './people.ts';

/** Saying something to one member. */
export const talk = {
  to: {
    also: ['dm', 'pm', 'msg', 'text', 'whisper', 'tell', 'private'],
    usage: '*to NAME text',
    does: 'texts one member only; so does @NAME text',
    permission: 'say',
    needs: 'lists',
    run(call) {
      const { membership, rest, said, context } = call;
      const lists = context.lists ?? [];
      const found = readAddressee(membership.roster, rest, context.phones);
      const toList = found === null ? readListed(lists, rest) : null;
      if (toList !== null && (toList.words !== '' || said.media.length > 0)) return sayToList(call, toList);
      if (found === null) return rest === '' ? explain(call.how) : withMember(call, firstWord(rest), () => []);
      if (found.words === '' && said.media.length === 0) return explain(call.how);
      return sayToOne(call, found);
    },
  },
} satisfies CommandRows;

/** Says it to one member alone, or says why not: what was meant for one is never said to all. */
export function sayToOne(
  {
    membership: { roster, member: by },
    said,
    suspended,
    context,
  }: Pick<Call, 'membership' | 'said' | 'suspended' | 'context'>,
  { member, words }: Addressee,
): Effect[] {
  const { name: group, replyToOwner } = roster.group;
  const who = callBy(member);
  if (member.id === by.id) return answer(talkTexts.toSelf({ group }));
  if (member.left) return answer(talkTexts.toLeft({ who, group }));
  if (replyToOwner && !runsGroup(by) && !runsGroup(member)) return answer(talkTexts.toOwnerOnly({ group }));
  if (roster.group.paused) return answer(texts.paused({ group }));
  if (suspended) return answer(texts.suspended({ group }));
  const text = toGsm(prefixed({ ...by, text: words }));
  return [
    { kind: 'say', text, media: said.media, toId: member.id, cc: said.cc },
    ...answer(sentText(member, context.lists ?? [])({ who, group })),
  ];
}

/** A list may have the name of somebody who came later: the member is meant. */
function sentText(member: Member, lists: readonly GroupList[]): (put: { who: string; group: string }) => string {
  if (isSilent(member)) return talkTexts.toSilent;
  const isListToo = member.name !== null && findList(lists, member.name) !== undefined;
  return isListToo ? listTexts.memberNotList : talkTexts.toSent;
}

function firstWord(text: string): string {
  return /^\S+/u.exec(text)?.[0] ?? '';
}

/** What these commands say. */
export const talkTexts = wording({
  toSelf: ({ group }: { group: string }) => `That's you. *to NAME text reaches one other member of "${group}".`,
  toLeft: ({ who, group }: { who: string; group: string }) => `${who} has left "${group}", so your text wasn't sent.`,
  toOwnerOnly: ({ group }: { group: string }) =>
    `In "${group}", texts go only to the owner, and the owner's go to everyone. Your text wasn't sent.`,
  toSilent: ({ who, group }: { who: string; group: string }) =>
    `${who} gets no texts from "${group}" right now, so yours waits in their app.`,
  toSent: ({ who, group }: { who: string; group: string }) => `Only ${who} in "${group}" gets that text.`,
});
