import { readAddressee } from '../addressee.ts';
import { isSilent } from '../audience.ts';
import { prefixed, toGsm } from '../text.ts';
import { texts } from '../texts.ts';
import { answer, type Command, callBy, explain } from './command.ts';
import { withMember } from './people.ts';

/** Saying something to one member. */
export const talk: readonly Command[] = [
  {
    word: 'to',
    also: ['dm', 'pm', 'msg', 'text', 'whisper', 'tell', 'private'],
    usage: '*to NAME text',
    does: 'texts one member only',
    permission: 'say',
    run(call) {
      const { membership, rest, said, suspended, context } = call;
      const { roster, member: by } = membership;
      const { name: group, replyToOwner } = roster.group;
      const found = readAddressee(roster, rest, context.phones);
      if (found === null) return rest === '' ? explain(this) : withMember(call, firstWord(rest), () => []);
      const { member, words } = found;
      const who = callBy(member);
      if (words === '' && said.media.length === 0) return explain(this);
      if (member.id === by.id) return answer(texts.toSelf({ group }));
      if (member.left) return answer(texts.toLeft({ who, group }));
      if (replyToOwner && !by.owner && !member.owner) return answer(texts.toOwnerOnly({ group }));
      if (suspended) return answer(texts.suspended({ group }));
      const text = toGsm(prefixed({ ...by, text: words }));
      return [
        { kind: 'say', text, media: said.media, toId: member.id, cc: said.cc },
        ...answer((isSilent(member) ? texts.toSilent : texts.toSent)({ who, group })),
      ];
    },
  },
];

function firstWord(text: string): string {
  return /^\S+/u.exec(text)?.[0] ?? '';
}
