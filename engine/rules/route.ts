import { audienceOf } from './audience.ts';
import { isCommand, runCommand } from './commands.ts';
import type { Effect } from './effects.ts';
import { isNo, type Keyword, keywordOf } from './keywords.ts';
import { prefixed, toGsm } from './text.ts';
import { texts } from './texts.ts';
import type { Said, Standing } from './types.ts';

/**
 * Who a text comes from, as far as is known: a member (who may have left), the creator of a staged group, or
 * nobody of the group that the number serves.
 */
export type Sender =
  | { kind: 'member'; standing: Standing; suspended: boolean }
  | { kind: 'creator'; group: string }
  | { kind: 'service' }
  | { kind: 'stranger' };

export type Scene = {
  said: Said;
  sender: Sender;
  /** The phone is blocked by a STOP. */
  blocked: boolean;
  /** The carrier has already answered this keyword. */
  intent: 'optout' | 'optin' | 'help' | null;
};

/** What a text wants done. Keywords come first, then commands, then it is a message. */
export function route(scene: Scene): Effect[] {
  const keyword = keywordIn(scene);
  if (keyword !== null) return obeyKeyword(scene, keyword);
  const { said, sender } = scene;
  if (said.text === '' && said.media.length === 0) return [];
  switch (sender.kind) {
    case 'member':
      return routeMember(said, sender);
    case 'creator':
      if (isNo(said.text) || isCommand(said.text)) return [{ kind: 'answer', text: texts.notOn(sender) }];
      return [{ kind: 'activate' }];
    case 'service':
      return [{ kind: 'answer', text: texts.about() }];
    case 'stranger':
      return [{ kind: 'hint', subject: 'stranger', text: texts.unknownSender() }];
  }
}

/** What a member’s words want done: a command or a message. Texts and calls meet here. */
export function routeMember(said: Said, { standing, suspended }: { standing: Standing; suspended: boolean }): Effect[] {
  const { roster, member } = standing;
  if (isCommand(said.text)) return runCommand(standing, said.text);
  const { name: group } = roster.group;
  if (member.left) return [{ kind: 'answer', text: texts.comeBack({ group }) }];
  if (suspended) return [{ kind: 'hint', subject: `suspended-${roster.group.id}`, text: texts.suspended({ group }) }];
  const text = toGsm(prefixed({ ...member, text: said.text }));
  return [{ kind: 'say', text, media: said.media, toId: audienceOf(roster, member), cc: said.cc }];
}

const INTENTS: Record<NonNullable<Scene['intent']>, Keyword> = { optout: 'stop', optin: 'start', help: 'help' };

/** START is a keyword only to a phone that is blocked: to anybody else it is a word. */
function keywordIn({ said, blocked, intent }: Scene): Keyword | null {
  if (intent !== null) return INTENTS[intent];
  const keyword = said.media.length === 0 ? keywordOf(said.text) : null;
  return keyword === 'start' && !blocked ? null : keyword;
}

function obeyKeyword({ blocked, intent }: Scene, keyword: Keyword): Effect[] {
  const answer = (text: string, anyway = false): Effect[] =>
    intent === null ? [{ kind: 'answer', text, anyway }] : [];
  if (keyword === 'stop') return blocked ? [] : [{ kind: 'block' }, ...answer(texts.stopped(), true)];
  if (keyword === 'start') return blocked ? [{ kind: 'unblock' }, ...answer(texts.started())] : [];
  return blocked ? [] : answer(texts.about());
}
