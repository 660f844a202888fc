import { callBy } from './commands/command.ts';
import { isCommand } from './commands.ts';
import type { Effect } from './effects.ts';
import { isNo, languageOfKeyword } from './keywords.ts';
import { heardFrom, languageOf, languages } from './languages/language.ts';
import { speakIn } from './languages/speaking.ts';
import { languageOfOwner } from './membership.ts';
import { type KeywordScene, keywordIn, obeyKeyword } from './obey-keyword.ts';
import { isReaction, type MemberSender, routeMember } from './route-member.ts';
import { routeService, type ServiceContext, type ServiceText } from './service-commands.ts';
import { texts } from './texts.ts';
import type { Said } from './types.ts';
import { wantsOut } from './wants-out.ts';

/**
 * Who a text comes from, as far as is known: a member (who may have left), the creator of a staged group, somebody
 * who texts the service number, or nobody of the group that the number serves. `barred` is a stranger whose phone we
 * never text: of a country that is not allowed, a premium or satellite number.
 */
export type Sender =
  | ({ kind: 'member' } & MemberSender)
  | { kind: 'creator'; group: string }
  | { kind: 'service'; text: ServiceText; context: ServiceContext }
  | { kind: 'stranger' }
  | { kind: 'barred' };

export type Scene = KeywordScene & {
  said: Said;
  sender: Sender;
  flood: Flood | null;
};

/**
 * More than a person texts: the same again and again, too much in a minute, or at once in answer to another member (a
 * membership), again and again. `hour` is that of the day.
 */
export type Flood =
  | { kind: 'repeats' }
  | { kind: 'floods'; limit: number; hour: number }
  | { kind: 'loops'; withId: number };

/**
 * What a text wants done. Keywords come first, then what is too much is dropped, then commands; else it is a message. Its
 * sender is answered in their language.
 */
export function route(scene: Scene): Effect[] {
  return speakIn(languageOf(scene.chosen), () => routeText(scene));
}

function routeText(scene: Scene): Effect[] {
  const { said, sender, flood } = scene;
  const keyword = keywordIn(scene);
  // Senders can be forged, and each answer costs: only a STOP counts, and it is not confirmed.
  if (sender.kind === 'barred')
    return keyword === 'stop' && !scene.blocked ? [{ kind: 'block', byCarrier: scene.intent === 'optout' }] : [];
  if (keyword === 'stop' || keyword === 'start') return [...learn(scene), ...obeyKeyword(scene, keyword)];
  // A reaction is the same text whenever it is put on and taken off again.
  const isRepeatable = sender.kind === 'member' && isReaction(said, sender.context);
  if (flood !== null && !(flood.kind === 'repeats' && isRepeatable)) return dropFlood(sender, flood);
  if (keyword !== null) return [...learn(scene), ...obeyKeyword(scene, keyword)];
  if (said.text === '' && said.media.length === 0) return [];
  switch (sender.kind) {
    case 'member':
      return routeMember(said, sender);
    case 'creator':
      if (wantsOut(said.text)) return [{ kind: 'answer', text: texts.stopOfferedStaged(sender) }];
      // A NO in any language: whatever else they text turns the group on.
      if (isNo(said.text, languages)) return [{ kind: 'refuseGroup' }, { kind: 'answer', text: texts.notOn(sender) }];
      if (isCommand(said.text)) return [{ kind: 'answer', text: texts.notOn(sender) }];
      return [{ kind: 'activate' }];
    case 'service':
      return routeService(sender.text, sender.context);
    case 'stranger':
      return [{ kind: 'hint', subject: 'stranger', text: texts.unknownSender() }];
  }
}

/** Who uses a keyword of their group’s language, and has chosen none, is texted in that everywhere. */
function learn({ said, intent, chosen }: Scene): Effect[] {
  const language = intent === null && chosen.own === null ? languageOfKeyword(said.text, heardFrom(chosen)) : null;
  return language === null ? [] : [{ kind: 'learnLanguage', language }];
}

/** A machine is not answered, or two machines would talk to each other for good. */
function dropFlood(sender: Sender, flood: Flood): Effect[] {
  if (flood.kind === 'floods') {
    // Kept by the day and subject: so once an hour.
    return [{ kind: 'hint', subject: `flood-${flood.hour}`, text: texts.tooManyTexts({ limit: flood.limit }) }];
  }
  if (sender.kind !== 'member') return [];
  const { roster, member } = sender.membership;
  const other = flood.kind === 'loops' ? roster.members.find(({ id }) => id === flood.withId) : undefined;
  const [who, group] = [callBy(member), roster.group.name];
  const text = speakIn(languageOfOwner(roster), () =>
    other === undefined
      ? texts.autoResponder({ who, group })
      : texts.autoResponders({ who: [who, callBy(other)], group }),
  );
  return [{ kind: 'tellOwner', subject: `machine-${roster.group.id}`, text }];
}
