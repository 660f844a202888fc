import { list } from '../../fit.ts';
import { cleanText } from '../../names.ts';
import { wording } from '../../wording.ts';
import { words } from '../../words.ts';
import { answer } from '../command.ts';
import { type ServiceContext, serviceCommand } from './command.ts';

export const groups = serviceCommand({
  name: 'groups',
  words: ['groups', 'group'],
  usage: '*groups',
  does: 'lists your groups',
  read: () => ({}),
  needs: () => ({ kind: 'groups' }),
  run: (context) => answer(groupListTexts.myGroups({ groups: context.groups.map(groupLine) })),
});

function groupLine({ name, number, left }: ServiceContext['groups'][number]): string {
  return `${cleanText(name)} ${number}${left ? ` (${words().youLeft})` : ''}`;
}

/** What these commands say. */
export const groupListTexts = wording({
  myGroups: ({ groups }: { groups: readonly string[] }) =>
    groups.length === 0
      ? "You're not in a group yet. *new GROUP NAME makes one, JOIN CODE NAME joins one."
      : `Your groups: ${list(groups, 240)}.`,
});
