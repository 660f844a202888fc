import { endDoubt } from '../../db/heartbeat.ts';
import type { Command } from './command.ts';

export const databaseMoved: Command = {
  words: ['database', 'moved'],
  takes: [],
  changes: true,
  async asks() {
    return 'Does MySQL hold everything, up to the moment when the last process was stopped? What it has as under way will be sent.';
  },
  does: 'says that MySQL is no backup that lost anything, where processes refuse to start on it because they take it for one: it was moved, or a text was sent from one of our numbers by other means while everything stood still. What it has as under way goes on. Where something is lost, run `database restored`',
  examples: ['database moved --reason "other hardware" --yes'],
  async run(call) {
    await endDoubt(call.db);
    return { text: 'Nothing is lost: processes start, and what is under way goes on.', json: { moved: true } };
  },
};
