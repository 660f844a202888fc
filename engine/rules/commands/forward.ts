import { isArgument } from '../languages/arguments.ts';
import { readPhone } from '../phone.ts';
import { wording } from '../wording.ts';
import { answer, type CommandRows } from './command.ts';
import { refuse } from './people.ts';

/** Where a call to the number of the group rings. */
export const forward = {
  forward: {
    also: ['forwarding', 'calls', 'call', 'ring', 'redirect'],
    usage: '*forward NUMBER',
    does: 'rings it for calls',
    permission: 'changeGroup',
    run({ membership: { roster, member }, rest, context }) {
      const { name: group, forwardTo } = roster.group;
      const most = context.forwardedCalls;
      if (rest === '' && forwardTo !== null) return answer(forwardTexts.forwards({ group, phone: forwardTo, most }));
      if (isArgument(rest, 'off'))
        return [{ kind: 'setGroup', patch: { forwardTo: null } }, ...answer(forwardTexts.forwardOff({ group }))];
      if (most === 0) return answer(forwardTexts.forwardNotHere({ group }));
      if (rest === '') return answer(forwardTexts.noForward({ group }));
      const phone = isArgument(rest, 'me') ? member.phone : readPhone(rest, context.phones);
      if (phone === null) return refuse('INVALID_NUMBER', rest.slice(0, 40));
      return [
        { kind: 'setGroup', patch: { forwardTo: phone } },
        ...answer(forwardTexts.forwards({ group, phone, most })),
      ];
    },
  },
} satisfies CommandRows;

/** What this command says. */
export const forwardTexts = wording({
  forwards: ({ group, phone, most }: { group: string; phone: string; most: number }) =>
    `When members call the number they text "${group}" at, ${phone} rings, up to ${most} times a day. *forward off ends that.`,
  forwardOff: ({ group }: { group: string }) => `Calls to "${group}" ring nowhere: callers hear how to text the group.`,
  noForward: ({ group }: { group: string }) =>
    `Calls to "${group}" ring nowhere. *forward me has your phone ring when members call, *forward NUMBER another one.`,
  forwardNotHere: ({ group }: { group: string }) => `Calls to "${group}" can't be forwarded here.`,
});
