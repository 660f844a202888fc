import { countPresent } from '../membership.ts';
import { nameKey } from '../names.ts';
import { nameIn } from '../pairs.ts';
import { denialOf } from '../permissions.ts';
import { planChange } from '../settings.ts';
import { texts } from '../texts.ts';
import { answer, type Command, callBy, explain } from './command.ts';
import { badGroupName, refuse, withMember } from './people.ts';

/** The group as a whole: how to get in, what it is called, whose it is. */
export const group: readonly Command[] = [
  {
    word: 'invite',
    usage: '*invite',
    does: 'shows how to join by text',
    permission: 'invite',
    needs: 'code',
    run({ membership, context }) {
      const { name, inviteCode } = membership.roster.group;
      // Owners without an app make the code here; with one, by /group/set.
      const code = inviteCode ?? (denialOf('changeGroup', membership) === null ? context.newCode : null);
      if (code === null) return answer(texts.noInvite({ group: name }));
      const text = answer(texts.invite({ group: name, code, number: context.serviceNumber }));
      return inviteCode === null ? [{ kind: 'setGroup', patch: { inviteCode: code } }, ...text] : text;
    },
  },
  {
    word: 'count',
    usage: '*count',
    does: 'counts the messages and the members',
    permission: 'countMessages',
    needs: 'messages',
    run: ({ membership: { roster }, context }) =>
      answer(texts.count({ group: roster.group.name, messages: context.messages ?? 0, members: countPresent(roster) })),
  },
  {
    word: 'group',
    usage: '*group NEW NAME',
    does: 'renames the group',
    permission: 'changeGroup',
    run({ membership: { roster }, rest, context }) {
      const name = nameIn(rest);
      if (name === '') return explain(this);
      const bad = badGroupName(name, context.phones);
      if (bad !== null) return bad;
      const patch = planChange(roster.group, { name }, '');
      if (typeof patch === 'string') return refuse(patch);
      return [{ kind: 'setGroup', patch }, ...answer(texts.groupRenamed({ group: name }))];
    },
  },
  {
    word: 'digest',
    usage: '*digest on/off',
    does: 'tells you who got your texts to all',
    permission: 'changeGroup',
    run({ membership: { roster }, rest }) {
      const { name, replyToOwner } = roster.group;
      const typed = /^(on|off)[.!]?$/iu.exec(rest)?.[1]?.toLowerCase();
      if (typed === undefined) return explain(this);
      if (typed === 'on' && !replyToOwner) return answer(texts.digestNotHere({ group: name }));
      const digest = typed === 'on';
      return [
        { kind: 'setGroup', patch: { digest } },
        ...answer(digest ? texts.digestOn({ group: name }) : texts.digestOff({ group: name })),
      ];
    },
  },
  {
    word: 'owner',
    usage: '*owner NAME',
    does: 'hands the group over',
    permission: 'offerGroup',
    run(call) {
      if (call.rest === '') return explain(this);
      return withMember(call, call.rest, (member) => {
        const put = { who: callBy(member), group: call.membership.roster.group.name };
        if (member.owner) return answer(texts.offerToSelf(put));
        if (member.left || member.blocked) return answer(texts.offerCannot(put));
        return [{ kind: 'offerOwner', membershipId: member.id }, ...answer(texts.offered(put))];
      });
    },
  },
  {
    word: 'delete',
    usage: '*delete GROUP NAME',
    does: 'deletes the group',
    permission: 'endGroup',
    run({ membership: { roster }, rest }) {
      const { name } = roster.group;
      if (rest === '') return explain(this);
      // The name as it stands, too: quotes that are part of it are no quotes around it.
      const matches = [rest, nameIn(rest)].some((typed) => nameKey(typed) === nameKey(name));
      if (!matches) return answer(texts.notTheName({ group: name }));
      return [{ kind: 'endGroup' }, ...answer(texts.deleted({ group: name }))];
    },
  },
];
