import { endOffer, putOffer } from '../../db/groups/owner-offers.ts';
import type { SystemMessage } from '../delivery/system-messages.ts';
import { handOver, OFFER_MS } from '../groups/owners.ts';
import { addressOf } from '../groups/welcome.ts';
import { texts } from '../rules/texts.ts';
import type { Act } from './act.ts';
import { recordConsent } from './consent.ts';
import { type EffectHandlers, rosterOf, Stale, senderOf } from './context.ts';

/** Handing a group from one owner to the next. */
export const ownership: EffectHandlers<'offerOwner' | 'acceptOwner' | 'declineOwner'> = {
  async offerOwner({ tx, act, systemMessages }, { membershipId }) {
    const { group, members } = rosterOf(act);
    const asked = members.find(({ id }) => id === membershipId);
    if (asked === undefined) throw new Stale();
    const expiresAt = new Date(act.now.getTime() + OFFER_MS);
    const { now } = act;
    await putOffer(tx, { groupId: group.id, membershipId, by: act.by.personId, lost: false, now, expiresAt });
    const by = senderOf(act);
    const text = () => texts.offer({ by: by.name ?? by.phone, group: group.name });
    const asks = { about: 'ownership', groupId: group.id, wording: text } as const;
    systemMessages.push({ groupId: group.id, text, to: [addressOf(asked)], urgent: true, once: 'offer', asks });
  },
  async acceptOwner(context, { lost }) {
    const { runtime, tx, act, systemMessages } = context;
    const roster = rosterOf(act);
    const heir = senderOf(act);
    const { now } = act;
    if (!(await endOffer(tx, { groupId: roster.group.id, membershipId: heir.id, now }))) throw new Stale();
    await recordConsent(context, { kind: 'consent', about: 'ownership' });
    systemMessages.push(...(await handOver(runtime, tx, { roster, heir, lost, now })));
  },
  async declineOwner(context, { lost }) {
    const { tx, act, systemMessages } = context;
    const { group, members } = rosterOf(act);
    const asked = senderOf(act);
    if (!(await endOffer(tx, { groupId: group.id, membershipId: asked.id, now: act.now }))) throw new Stale();
    await recordConsent(context, { kind: 'refusal', about: 'ownership' });
    // A lost owner did not offer it.
    if (lost) return;
    const text = () => texts.offerDeclined({ who: asked.name ?? asked.phone, group: group.name });
    const owner = members.filter((member) => member.owner);
    systemMessages.push({ groupId: group.id, text, to: owner.map(addressOf), urgent: false });
  },
};

/** Who was made a co-owner is told by whom; who has left hears nothing. Once a day, however often it is done. */
export function tellCoOwner(act: Act, membershipId: number): SystemMessage[] {
  const { group, members } = rosterOf(act);
  const named = members.find(({ id, left }) => id === membershipId && !left);
  if (named === undefined) return [];
  const by = senderOf(act);
  const text = () => texts.nowCoOwner({ by: by.name ?? by.phone, group: group.name });
  return [{ groupId: group.id, text, to: [addressOf(named)], urgent: false, once: 'co-owner' }];
}
