import { approvalTexts } from '../commands/approvals.ts';
import { batchesTexts } from '../commands/batches.ts';
import { pinTexts } from '../commands/catch-up.ts';
import { forwardTexts } from '../commands/forward.ts';
import { groupTexts } from '../commands/group.ts';
import { hoursTexts } from '../commands/hours.ts';
import { languageTexts } from '../commands/language.ts';
import { listTexts } from '../commands/lists.ts';
import { moneyTexts } from '../commands/money.ts';
import { ownersTexts } from '../commands/owners.ts';
import { peopleTexts } from '../commands/people.ts';
import { pollTexts } from '../commands/polls.ts';
import { presenceTexts } from '../commands/presence.ts';
import { scheduleTexts } from '../commands/schedule.ts';
import { draftTexts } from '../commands/service/drafting.ts';
import { groupListTexts } from '../commands/service/groups.ts';
import { joinTexts } from '../commands/service/join.ts';
import { talkTexts } from '../commands/talk.ts';
import { whoTexts } from '../commands/who.ts';
import { emailTexts } from '../email-templates.ts';
import { spokenTexts } from '../spoken.ts';
import { texts } from '../texts.ts';
import * as es from './es/index.ts';
import * as fr from './fr/index.ts';
import { type Translations, translate } from './speaking.ts';
import type { AnyTable } from './translated.ts';

export { type Language, languageOf, languages } from './language.ts';
export { speakIn } from './speaking.ts';

/** Every table of texts, with what it is in the other languages; what imports this file can have them spoken. */
export const translations = [
  say(texts, { es: es.texts, fr: fr.texts }),
  say(whoTexts, { es: es.whoTexts, fr: fr.whoTexts }),
  say(peopleTexts, { es: es.peopleTexts, fr: fr.peopleTexts }),
  say(presenceTexts, { es: es.presenceTexts, fr: fr.presenceTexts }),
  say(batchesTexts, { es: es.batchesTexts, fr: fr.batchesTexts }),
  say(talkTexts, { es: es.talkTexts, fr: fr.talkTexts }),
  say(pollTexts, { es: es.pollTexts, fr: fr.pollTexts }),
  say(pinTexts, { es: es.pinTexts, fr: fr.pinTexts }),
  say(scheduleTexts, { es: es.scheduleTexts, fr: fr.scheduleTexts }),
  say(hoursTexts, { es: es.hoursTexts, fr: fr.hoursTexts }),
  say(approvalTexts, { es: es.approvalTexts, fr: fr.approvalTexts }),
  say(listTexts, { es: es.listTexts, fr: fr.listTexts }),
  say(forwardTexts, { es: es.forwardTexts, fr: fr.forwardTexts }),
  say(groupTexts, { es: es.groupTexts, fr: fr.groupTexts }),
  say(ownersTexts, { es: es.ownersTexts, fr: fr.ownersTexts }),
  say(languageTexts, { es: es.languageTexts, fr: fr.languageTexts }),
  say(moneyTexts, { es: es.moneyTexts, fr: fr.moneyTexts }),
  say(joinTexts, { es: es.joinTexts, fr: fr.joinTexts }),
  say(draftTexts, { es: es.draftTexts, fr: fr.draftTexts }),
  say(groupListTexts, { es: es.groupListTexts, fr: fr.groupListTexts }),
];

/** The same of sentences that are no texts: of emails, and what is read aloud. */
export const proseTranslations = [
  say(emailTexts, { es: es.emailTexts, fr: fr.emailTexts }),
  say(spokenTexts, { es: es.spokenTexts, fr: fr.spokenTexts }),
];

function say<Table extends AnyTable>(
  english: Table,
  rows: Translations<Table>,
): { english: AnyTable } & Translations<AnyTable> {
  translate(english, rows);
  return { english, ...rows };
}
