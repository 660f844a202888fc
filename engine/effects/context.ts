import type { Tx } from '../../db/connect.ts';
import type { NewOrigin, SystemMessage } from '../delivery/system-messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Effect } from '../rules/effects.ts';
import type { NewGroupEvent } from '../rules/group-events.ts';
import type { Group, Member, Roster } from '../rules/types.ts';
import type { Act } from './act.ts';

/** What the effect handlers of one act share. Its group, if any, is locked at the version that was decided on. */
export type EffectContext = {
  runtime: Runtime;
  tx: Tx;
  act: Act;
  /** The roster that was decided on, with the changes of earlier effects to the group. */
  roster: Roster | null;
  /** The roster's version once this act is done. */
  version: number;
  systemMessages: SystemMessage[];
  messageIds: number[];
  origin: NewOrigin | null;
  /** The text was here before, and what it costs is reserved. */
  isGuarded: boolean;
  /** What apps are told of the group beside its messages. */
  events: NewGroupEvent[];
};

/** How the effects of these kinds become writes. */
export type EffectHandlers<Kinds extends Effect['kind'] = Effect['kind']> = {
  [Kind in Kinds]: (context: EffectContext, effect: Extract<Effect, { kind: Kind }>) => Promise<void>;
};

/** The group has changed since the act was decided. */
export class Stale extends Error {}

/** The same roster, not only the same version: a database that was restored counts those again. */
export function isAt(group: RosterName, decidedOn: RosterName): boolean {
  return group.version === decidedOn.version && group.tag === decidedOn.tag;
}
type RosterName = Pick<Group, 'version' | 'tag'>;

/** A text of ours to the member who acted, from the number that they texted. */
export function toSender({ by, roster }: Act, text: SystemMessage['text']): SystemMessage {
  return { groupId: roster?.group.id ?? null, text, to: [by], urgent: true, answers: true };
}

export function rosterOf({ roster }: Act): Roster {
  if (roster === null) throw new Error('an effect on a group was decided without one');
  return roster;
}

export function senderOf(act: Act): Member {
  const member = rosterOf(act).members.find(({ id }) => id === act.by.membershipId);
  if (member === undefined) throw new Error('an effect on a member was decided without one');
  return member;
}
