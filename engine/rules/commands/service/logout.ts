import { texts } from '../../texts.ts';
import { answer } from '../command.ts';
import { serviceCommand } from './command.ts';

export const logout = serviceCommand({
  name: 'logout',
  words: ['logout'],
  usage: '*logout',
  does: 'logs you out of every app',
  read: () => ({}),
  needs: () => ({ kind: 'draft' }),
  run: () => [{ kind: 'endSessions' }, ...answer(texts.loggedOut())],
});
