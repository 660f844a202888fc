import { cleanText } from '../../names.ts';
import { texts } from '../../texts.ts';
import { words } from '../../words.ts';
import { answer } from '../command.ts';
import { type ServiceContext, serviceCommand } from './command.ts';

export const groups = serviceCommand({
  words: ['groups', 'group'],
  usage: '*groups',
  does: 'lists your groups',
  read: () => ({}),
  needs: () => ({ kind: 'groups' }),
  run: (context) => answer(texts.myGroups({ groups: context.groups.map(groupLine) })),
});

function groupLine({ name, number, left }: ServiceContext['groups'][number]): string {
  return `${cleanText(name)} ${number}${left ? ` (${words.left})` : ''}`;
}
