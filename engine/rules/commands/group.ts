import { readSwitch } from '../languages/arguments.ts';
import { countPresent } from '../membership.ts';
import { nameKey } from '../names.ts';
import { nameIn } from '../pairs.ts';
import { denialOf } from '../permissions.ts';
import { planChange } from '../settings.ts';
import { countPeople, wording } from '../wording.ts';
import { answer, type CommandRows, explain } from './command.ts';
import { badGroupName, refuse } from './people.ts';

/** The group as a whole: how to get in, what it is called, how it ends. */
export const group = {
  invite: {
    also: ['invitation'],
    usage: '*invite',
    does: 'shows how to join by text',
    permission: 'invite',
    needs: 'code',
    run({ membership, context }) {
      const { name, inviteCode } = membership.roster.group;
      // Owners without an app make the code here; with one, by /group/set.
      const code = inviteCode ?? (denialOf('changeGroup', membership) === null ? context.newCode : null);
      if (code === null) return answer(groupTexts.noInvite({ group: name }));
      const text = answer(groupTexts.invite({ group: name, code, number: context.serviceNumber }));
      return inviteCode === null ? [{ kind: 'setGroup', patch: { inviteCode: code } }, ...text] : text;
    },
  },
  count: {
    usage: '*count',
    does: 'counts messages and members',
    permission: 'countMessages',
    needs: 'messages',
    run: ({ membership: { roster }, context }) =>
      answer(
        groupTexts.count({ group: roster.group.name, messages: context.messages ?? 0, members: countPresent(roster) }),
      ),
  },
  group: {
    usage: '*group NEW NAME',
    does: 'renames it',
    permission: 'changeGroup',
    run({ membership: { roster }, rest, context, how }) {
      const name = nameIn(rest);
      if (name === '') return explain(how);
      const bad = badGroupName(name, context.phones);
      if (bad !== null) return bad;
      const patch = planChange(roster.group, { name }, '');
      if (typeof patch === 'string') return refuse(patch);
      return [{ kind: 'setGroup', patch }, ...answer(groupTexts.groupRenamed({ group: name }))];
    },
  },
  digest: {
    also: ['report', 'rapport'],
    usage: '*digest on/off',
    does: 'tells who got your texts to all',
    permission: 'changeGroup',
    run({ membership: { roster }, rest, how }) {
      const { name, replyToOwner } = roster.group;
      const digest = readSwitch(rest);
      if (digest === null) return explain(how);
      if (digest && !replyToOwner) return answer(groupTexts.digestNotHere({ group: name }));
      return [
        { kind: 'setGroup', patch: { digest } },
        ...answer(digest ? groupTexts.digestOn({ group: name }) : groupTexts.digestOff({ group: name })),
      ];
    },
  },
  delete: {
    usage: '*delete GROUP NAME',
    does: 'deletes it',
    permission: 'endGroup',
    run({ membership: { roster }, rest, how }) {
      const { name } = roster.group;
      if (rest === '') return explain(how);
      // The name as it stands, too: quotes that are part of it are no quotes around it.
      const matches = [rest, nameIn(rest)].some((typed) => nameKey(typed) === nameKey(name));
      if (!matches) return answer(groupTexts.notTheName({ group: name }));
      return [{ kind: 'endGroup' }, ...answer(groupTexts.deleted({ group: name }))];
    },
  },
} satisfies CommandRows;

/** What these commands say. */
export const groupTexts = wording({
  groupRenamed: ({ group }: { group: string }) => `The group is now called "${group}".`,
  invite: ({ group, code, number }: { group: string; code: string; number: string }) =>
    `To join "${group}", text this to ${number}, with your own name at the end: JOIN ${code} Sam`,
  noInvite: ({ group }: { group: string }) =>
    `"${group}" has no invite code. The owner can make one by texting *invite.`,
  count: ({ group, messages, members }: { group: string; messages: number; members: number }) =>
    `"${group}" has ${messages === 1 ? '1 message' : `${messages} messages`} for you and ${countPeople(members)}.`,
  digestOn: ({ group }: { group: string }) =>
    `After each text you send to all of "${group}", we'll tell you who got it. *digest off stops that.`,
  digestOff: ({ group }: { group: string }) => `No more digests for "${group}". *digest on brings them back.`,
  digestNotHere: ({ group }: { group: string }) =>
    `Digests are for groups where replies go only to the owner. "${group}" isn't one.`,
  deleted: ({ group }: { group: string }) => `"${group}" is deleted, and everyone in it has been told.`,
  notTheName: ({ group }: { group: string }) => `Not deleted. To delete this group, text *delete ${group}`,
});
