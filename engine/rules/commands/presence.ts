import type { Effect } from '../effects.ts';
import { patternOf } from '../languages/arguments.ts';
import { texts } from '../texts.ts';
import { wording } from '../wording.ts';
import { answer, type CommandRows, explain } from './command.ts';

/** From the contract: hours that a mute may last. */
const MUTE_HOURS = { least: 1, most: 168 };

/** Being there, and being texted. */
export const presence = {
  bye: {
    usage: '*bye',
    does: 'leaves the group',
    permission: 'leaveOrReturn',
    run({ membership: { roster, member } }) {
      const { name: group } = roster.group;
      if (member.left) return answer(presenceTexts.alreadyLeft({ group }));
      return [
        { kind: 'leave' },
        ...answer(member.owner ? presenceTexts.leftAsOwner({ group }) : presenceTexts.left({ group })),
      ];
    },
  },
  hi: {
    also: ['back', 'rejoin', 'return', 'hello'],
    usage: '*hi',
    does: 'comes back',
    permission: 'leaveOrReturn',
    run({ membership: { roster, member } }) {
      const { name: group } = roster.group;
      return member.left
        ? [{ kind: 'return' }, ...answer(presenceTexts.back({ group }))]
        : answer(presenceTexts.alreadyHere({ group }));
    },
  },
  on: {
    also: ['unmute', 'resume', 'start', 'unstop'],
    usage: '*on',
    does: 'sends you the texts again',
    permission: 'changeSelf',
    run({ membership: { roster, member }, context }) {
      const turnOn: Effect = { kind: 'setMember', membershipId: member.id, patch: { sms: 1, smsChosen: 1 } };
      // What was missed is counted where the mute ends, and said there; one whose time is over ends by itself.
      if (member.mutedUntil !== null && member.mutedUntil > context.now) return [turnOn, { kind: 'unmute' }];
      return [turnOn, ...answer(presenceTexts.on({ group: roster.group.name }))];
    },
  },
  off: {
    usage: '*off',
    does: 'sends you no texts',
    permission: 'changeSelf',
    run: ({ membership: { roster, member } }) => [
      { kind: 'setMember', membershipId: member.id, patch: { sms: 0, smsChosen: 0 } },
      ...answer(presenceTexts.off({ group: roster.group.name })),
    ],
  },
  logout: {
    usage: '*logout',
    does: 'logs you out of every app',
    isAnswer: true,
    permission: 'leaveOrReturn',
    run: () => [{ kind: 'endSessions' }, ...answer(texts.loggedOut())],
  },
  mute: {
    also: ['quiet', 'silence', 'snooze', 'pause'],
    usage: '*mute HOURS',
    does: `sends you nothing for 1 to ${MUTE_HOURS.most} hours`,
    permission: 'changeSelf',
    run({ membership: { roster }, rest, context, how }) {
      const hours = Number(FOR_HOURS.exec(rest.normalize('NFKC'))?.[1] ?? 0);
      if (hours < MUTE_HOURS.least || hours > MUTE_HOURS.most) return explain(how);
      const until = context.now + hours * 3_600_000;
      return [{ kind: 'mute', until }, ...answer(presenceTexts.muted({ group: roster.group.name, hours }))];
    },
  },
} satisfies CommandRows;

const FOR_HOURS = new RegExp(`^(\\d{1,3})\\s*${patternOf('hours')}?[.!]?$`, 'iu');

/** What these commands say. */
export const presenceTexts = wording({
  left: ({ group }: { group: string }) => `You left "${group}" and won't get its texts. Text *hi to come back.`,
  leftAsOwner: ({ group }: { group: string }) =>
    `You left "${group}" and won't get its texts, but you still own it and pay for it. *owner NAME hands it over, *hi brings you back.`,
  alreadyLeft: ({ group }: { group: string }) => `You already left "${group}". Text *hi to come back.`,
  back: ({ group }: { group: string }) => `Welcome back to "${group}". *bye leaves it, *help lists commands.`,
  alreadyHere: ({ group }: { group: string }) => `You're already in "${group}". *help lists commands.`,
  on: ({ group }: { group: string }) => `You'll get "${group}" texts on this phone. *off stops them.`,
  off: ({ group }: { group: string }) =>
    `You won't get "${group}" texts on this phone, but you're still in it. *on brings them back, *bye leaves the group.`,
  muted: ({ group, hours }: { group: string; hours: number }) =>
    `"${group}" is muted for ${hours === 1 ? '1 hour' : `${hours} hours`}. Then we'll tell you what you missed. *on unmutes it now.`,
});
