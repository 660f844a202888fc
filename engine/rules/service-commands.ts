import { answer, type How } from './commands/command.ts';
import {
  readWord,
  type ServiceCommand,
  type ServiceContext,
  type ServiceText,
  type ServiceWord,
} from './commands/service/command.ts';
import { cancel, done, draftTexts, helpWith, linesOr, start } from './commands/service/drafting.ts';
import { groupListTexts, groups } from './commands/service/groups.ts';
import { join, joinTexts } from './commands/service/join.ts';
import { language } from './commands/service/language.ts';
import { logout } from './commands/service/logout.ts';
import { pin } from './commands/service/pin.ts';
import { nameDevice } from './devices.ts';
import type { Effect } from './effects.ts';
import { foldWord, type Language, languages } from './languages/language.ts';
import { speakIn, spokenLanguage } from './languages/speaking.ts';
import { byEveryWord, serviceNames } from './languages/vocabulary.ts';
import { nameQuestion, pickQuestion, type Question, type Reply } from './questions.ts';
import { texts } from './texts.ts';
import { words } from './words.ts';

export type { ServiceContext, ServiceNeed, ServiceText } from './commands/service/command.ts';

const help = helpWith(() => texts.serviceHelp({ lines: serviceHelpLines() }));
const lines = linesOr(help);

/** Every command to the service number, in the order in which its help lists them. */
export const serviceCommands: readonly ServiceCommand[] = [
  join,
  start,
  lines,
  done,
  cancel,
  groups,
  language,
  pin,
  logout,
  help,
];

/** What commands to the service number alone say. */
export const serviceTexts = { ...joinTexts, ...draftTexts, ...groupListTexts };

/**
 * Reads a text to the service number: a command by its word, of the language that its sender speaks or else any; another that
 * has a star asks for help, as does a bare HELP of another language; the rest are lines. Some commands need no star.
 */
export function readServiceText(text: string, own: string | null = null): ServiceText {
  const { starred, word, rest } = readWord(text);
  const typed = foldWord(word);
  const order = new Set([...languages.filter((language) => language === own), ...languages]);
  for (const language of order) {
    const row = serviceCommands.find(({ name }) => name === byWord[language].get(typed));
    if (row === undefined || !(starred || isStarless(row, rest) || (row === help && rest === ''))) continue;
    const others = languages.filter((one) => one !== language && byWord[one].has(typed));
    return row.read({ text, rest, language: language === 'en' || others.length > 0 ? null : language });
  }
  return (starred ? help : lines).read({ text, rest });
}

function isStarless({ starless }: ServiceCommand, rest: string): boolean {
  return typeof starless === 'function' ? starless(rest) : starless === true;
}

const byWord: Readonly<Record<Language, ReadonlyMap<string, ServiceWord>>> = {
  en: new Map(serviceCommands.flatMap(({ name, words }) => words.map((word) => [word, name] as const))),
  es: byEveryWord(serviceNames.es),
  fr: byEveryWord(serviceNames.fr),
};

/** What a text to the service number wants done, and in which language it is answered. */
export function routeService(text: ServiceText, context: ServiceContext): Effect[] {
  const learnt = context.language === null ? text.language : null;
  const effects = speakIn(learnt ?? spokenLanguage(), () => decide(text, context));
  return learnt === null ? effects : [{ kind: 'learnLanguage', language: learnt }, ...effects];
}

function decide(text: ServiceText, context: ServiceContext): Effect[] {
  const { reply, questions } = context;
  if (context.wonders && questions.length > 0) return repeatInvitation(questions);
  if (reply === null || questions.length === 0) return text.run(context);
  const question = pickQuestion(questions, reply);
  if (question === null) return answer(texts.whichQuestion({ questions: questions.map(describeQuestion) }));
  return question.kind === 'device' ? answerDevice(question, reply) : answerInvitation(question, reply, context);
}

function answerDevice({ id: deviceId, type }: Of<'device'>, reply: Reply): Effect[] {
  const device = nameDevice(type);
  return reply.yes
    ? [{ kind: 'confirmDevice', deviceId }, ...answer(texts.deviceOn({ device }))]
    : [{ kind: 'refuseDevice', deviceId }, ...answer(texts.deviceRefused({ device }))];
}

/** The welcome is the answer to a YES, and comes from the number of the group. */
function answerInvitation(
  { groupId, group, name, asked }: Of<'invitation'>,
  { yes }: Reply,
  context: ServiceContext,
): Effect[] {
  return yes
    ? [{ kind: 'add', name, phone: context.phone, joins: true, agreed: true, asked }]
    : [{ kind: 'refuseInvitation', groupId, asked }, ...answer(texts.notJoined({ group }))];
}

/** The newest one, in the words of then: they say who asks, into which group, and how to answer or to get no more. */
function repeatInvitation(questions: readonly Question[]): Effect[] {
  const asked = questions.flatMap((question) => (question.kind === 'invitation' ? [question.asked] : []));
  return asked.slice(-1).flatMap(answer);
}

type Of<Kind extends Question['kind']> = Extract<Question, { kind: Kind }>;

function describeQuestion(question: Question): string {
  return words().yesFor({ code: question.code, what: nameQuestion(question) });
}

/** A sentence for each command that makes sense at any time. */
export function serviceHelpLines(): string[] {
  return serviceCommands
    .filter((row) => row !== help && !row.whileDrafting && !row.isUnlisted)
    .map(howOf)
    .map(({ usage, does }) => `${usage} ${does}.`);
}

function howOf({ name, usage, does }: ServiceCommand): How {
  const language = spokenLanguage();
  return language === 'en' ? { usage, does } : serviceNames[language][name];
}
