import { isArgument } from '../languages/arguments.ts';
import { readHours, USUAL_HOURS, writeHours } from '../windows.ts';
import { wording } from '../wording.ts';
import { words } from '../words.ts';
import { answer, type CommandRows, explain } from './command.ts';

/** When texts to all may come. */
export const hours = {
  hours: {
    also: ['night', 'window', 'quiethours'],
    usage: '*hours 8-21',
    does: 'keeps texts to all for the day',
    permission: 'changeGroup',
    run({ membership: { roster }, rest, how }) {
      const { name: group, hours: set } = roster.group;
      if (rest === '') return answer(set === null ? hoursTexts.noHoursYet({ group }) : tell(group, set));
      if (isArgument(rest, 'off'))
        return [{ kind: 'setGroup', patch: { hours: null } }, ...answer(hoursTexts.hoursOff({ group }))];
      const typed = isArgument(rest, 'on') ? (readHours(set ?? '') ?? USUAL_HOURS) : readHours(rest.slice(0, 40));
      if (typed === null) return explain(how);
      const wanted = writeHours(typed);
      return [{ kind: 'setGroup', patch: { hours: wanted } }, ...answer(tell(group, wanted))];
    },
  },
} satisfies CommandRows;

function tell(group: string, set: string): string {
  const [from = '', until = ''] = set.split('-');
  return hoursTexts.hoursAre({ group, hours: words().hours(from, until) });
}

/** What this command says. */
export const hoursTexts = wording({
  hoursAre: ({ group, hours }: { group: string; hours: string }) =>
    `Scheduled texts to "${group}", and texts to all where replies go only to the owner, wait until it's ${hours} o'clock for everyone. Put ! in front to send one at once. *hours off ends that.`,
  hoursOff: ({ group }: { group: string }) => `Texts to "${group}" go out at any hour now.`,
  noHoursYet: ({ group }: { group: string }) =>
    `Texts to "${group}" go out at any hour. *hours 8-21 keeps scheduled ones and broadcasts for the day, where each person is.`,
});
