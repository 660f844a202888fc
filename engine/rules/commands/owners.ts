import type { Effect } from '../effects.ts';
import { list } from '../fit.ts';
import { isArgument, patternOf } from '../languages/arguments.ts';
import { planMember } from '../membership.ts';
import { denialOf } from '../permissions.ts';
import { texts } from '../texts.ts';
import type { Member } from '../types.ts';
import { wording } from '../wording.ts';
import { answer, type Call, type CommandRows, callBy, explain } from './command.ts';
import { refuse, withMember } from './people.ts';
import { whoLine } from './who.ts';

/** Whose the group is: its owner and co-owners, and handing it over. */
export const owners = {
  owner: {
    usage: '*owner NAME',
    does: 'hands it over; *owner add NAME shares it',
    permission: 'changeMember',
    run(call) {
      const [, typed, name = ''] = SHARING.exec(call.rest) ?? [];
      if (typed !== undefined) return withMember(call, name, (member) => share(call, member, isArgument(typed, 'add')));
      const { name: group } = call.membership.roster.group;
      if (denialOf('offerGroup', call.membership) !== null) return answer(texts.ownerOnly({ group }));
      if (call.rest === '' || isArgument(call.rest, 'add', 'remove')) return explain(call.how);
      return withMember(call, call.rest, (member) => {
        const put = { who: callBy(member), group };
        if (member.owner) return answer(ownersTexts.offerToSelf(put));
        if (member.left || member.blocked) return answer(ownersTexts.offerCannot(put));
        return [{ kind: 'offerOwner', membershipId: member.id }, ...answer(ownersTexts.offered(put))];
      });
    },
  },
  owners: {
    also: ['coowners', 'admins', 'coowner', 'admin'],
    usage: '*owners',
    does: 'lists the owners',
    permission: 'listMembers',
    run: ({ membership: { roster } }) =>
      answer(
        ownersTexts.owners({
          group: roster.group.name,
          who: roster.members
            .filter(({ owner, coOwner }) => owner || coOwner)
            .sort((one, other) => Number(other.owner) - Number(one.owner))
            .map(whoLine),
        }),
      ),
  },
  accept: {
    usage: '*accept',
    does: 'takes over a group that was offered to you',
    isAnswer: true,
    permission: 'acceptGroup',
    needs: 'offer',
    run({ membership: { roster }, context }) {
      if (context.offer === null) return answer(ownersTexts.notOffered({ group: roster.group.name }));
      return [{ kind: 'acceptOwner', lost: context.offer.lost }];
    },
  },
} satisfies CommandRows;

const SHARING = new RegExp(`^(${patternOf('add', 'remove')})\\s+(\\S[\\s\\S]*)$`, 'iu');

/** Makes a member a co-owner, or ends that; what is so already is not done again. */
function share({ membership }: Call, member: Member, coOwner: boolean): Effect[] {
  const put = { who: callBy(member), group: membership.roster.group.name };
  if (member.owner) return answer(ownersTexts.isOwner(put));
  if (member.coOwner === coOwner) return answer((coOwner ? ownersTexts.isCoOwner : ownersTexts.noCoOwner)(put));
  const patch = planMember(membership, member, { coOwner });
  if (typeof patch === 'string') return refuse(patch);
  return [
    { kind: 'setMember', membershipId: member.id, patch },
    ...answer((coOwner ? ownersTexts.shared : ownersTexts.unshared)(put)),
  ];
}

type Of = { who: string; group: string };

/** What these commands say. */
export const ownersTexts = wording({
  offered: ({ who, group }: Of) => `${who} has 72 hours to reply YES and take over "${group}". Until then it's yours.`,
  offerToSelf: ({ group }: { group: string }) => `"${group}" is already yours.`,
  offerCannot: ({ who, group }: Of) => `${who} left or gets no texts from us, so they can't take over "${group}".`,
  notOffered: ({ group }: { group: string }) =>
    `Nobody is waiting for you to take over "${group}", so nothing was changed.`,
  shared: ({ who, group }: Of) =>
    `${who} is a co-owner of "${group}" now, and may do all but hand it over, delete it or see its balance. *owner remove NAME ends that.`,
  unshared: ({ who, group }: Of) => `${who} is no longer a co-owner of "${group}".`,
  isOwner: ({ who, group }: Of) => `${who} owns "${group}". Nothing was changed.`,
  isCoOwner: ({ who, group }: Of) => `${who} is already a co-owner of "${group}".`,
  noCoOwner: ({ who, group }: Of) => `${who} is no co-owner of "${group}".`,
  owners: ({ group, who }: { group: string; who: readonly string[] }) => `Owners of "${group}": ${list(who, 200)}.`,
});
