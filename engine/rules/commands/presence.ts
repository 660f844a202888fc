import type { Effect } from '../effects.ts';
import { texts } from '../texts.ts';
import { answer, type Command, explain } from './command.ts';

/** From the contract: hours that a mute may last. */
const MUTE_HOURS = { least: 1, most: 168 };

/** Being there, and being texted. */
export const presence: readonly Command[] = [
  {
    word: 'bye',
    usage: '*bye',
    does: 'leaves the group',
    permission: 'leaveOrReturn',
    run({ membership: { roster, member } }) {
      const { name: group } = roster.group;
      if (member.left) return answer(texts.alreadyLeft({ group }));
      return [{ kind: 'leave' }, ...answer(member.owner ? texts.leftAsOwner({ group }) : texts.left({ group }))];
    },
  },
  {
    word: 'hi',
    also: ['back', 'rejoin', 'return', 'hello'],
    usage: '*hi',
    does: 'comes back to the group',
    permission: 'leaveOrReturn',
    run({ membership: { roster, member } }) {
      const { name: group } = roster.group;
      return member.left
        ? [{ kind: 'return' }, ...answer(texts.back({ group }))]
        : answer(texts.alreadyHere({ group }));
    },
  },
  {
    word: 'on',
    also: ['unmute', 'resume', 'start', 'unstop'],
    usage: '*on',
    does: 'sends you the texts again',
    permission: 'changeSelf',
    run({ membership: { roster, member }, context }) {
      const turnOn: Effect = { kind: 'setMember', membershipId: member.id, patch: { sms: 1, smsChosen: 1 } };
      // What was missed is counted where the mute ends, and said there; one whose time is over ends by itself.
      if (member.mutedUntil !== null && member.mutedUntil > context.now) return [turnOn, { kind: 'unmute' }];
      return [turnOn, ...answer(texts.on({ group: roster.group.name }))];
    },
  },
  {
    word: 'off',
    usage: '*off',
    does: 'sends you no texts',
    permission: 'changeSelf',
    run: ({ membership: { roster, member } }) => [
      { kind: 'setMember', membershipId: member.id, patch: { sms: 0, smsChosen: 0 } },
      ...answer(texts.off({ group: roster.group.name })),
    ],
  },
  {
    word: 'mute',
    also: ['quiet', 'silence', 'snooze', 'pause'],
    usage: '*mute HOURS',
    does: `sends you nothing for 1 to ${MUTE_HOURS.most} hours`,
    permission: 'changeSelf',
    run({ membership: { roster }, rest, context }) {
      const hours = Number(/^(\d{1,3})\s*(h|hrs?|hours?)?[.!]?$/iu.exec(rest.normalize('NFKC'))?.[1] ?? 0);
      if (hours < MUTE_HOURS.least || hours > MUTE_HOURS.most) return explain(this);
      const until = context.now + hours * 3_600_000;
      return [{ kind: 'mute', until }, ...answer(texts.muted({ group: roster.group.name, hours }))];
    },
  },
];
