import type { CommandOf } from '../fields.ts';
import type { groupFields } from '../group-fields.ts';
import type { memberFields } from '../member-fields.ts';
import { approvals, approvalTexts } from './approvals.ts';
import { batches, batchesTexts } from './batches.ts';
import { catchUp, pinTexts } from './catch-up.ts';
import type { CommandRow, CommandRows } from './command.ts';
import { forward, forwardTexts } from './forward.ts';
import { group, groupTexts } from './group.ts';
import { hours, hoursTexts } from './hours.ts';
import { language, languageTexts } from './language.ts';
import { lists, listTexts } from './lists.ts';
import { money, moneyTexts } from './money.ts';
import { owners, ownersTexts } from './owners.ts';
import { people, peopleTexts } from './people.ts';
import { polls, pollTexts } from './polls.ts';
import { presence, presenceTexts } from './presence.ts';
import { schedule, scheduleTexts } from './schedule.ts';
import { talk, talkTexts } from './talk.ts';
import { who, whoTexts } from './who.ts';

/** By word, in the order of the help. A field that names a command which has no row here is a type error. */
export const commandRows = {
  ...who,
  ...people,
  ...presence,
  ...batches,
  ...talk,
  ...polls,
  ...catchUp,
  ...language,
  ...schedule,
  ...hours,
  ...approvals,
  ...lists,
  ...forward,
  ...group,
  ...owners,
  ...money,
} satisfies CommandRows & Record<CommandOf<typeof groupFields> | CommandOf<typeof memberFields>, CommandRow>;

/** The words of English by which commands are known here; the others are in languages/. */
export type CommandWord = keyof typeof commandRows | 'help';

/** What commands alone say. */
export const commandTexts = {
  ...whoTexts,
  ...peopleTexts,
  ...presenceTexts,
  ...batchesTexts,
  ...talkTexts,
  ...pollTexts,
  ...pinTexts,
  ...languageTexts,
  ...scheduleTexts,
  ...hoursTexts,
  ...approvalTexts,
  ...listTexts,
  ...forwardTexts,
  ...groupTexts,
  ...ownersTexts,
  ...moneyTexts,
};
