import { mute, unmute } from '../../db/groups/mutes.ts';
import { holdText, releaseText } from '../../db/messages/held-texts.ts';
import { isFirstToday } from '../../db/people/people.ts';
import { addressOf } from '../groups/welcome.ts';
import { pinMessage } from '../people/pins.ts';
import { DomainError } from '../platform/errors.ts';
import { lineOf } from '../rules/commands/catch-up.ts';
import { presenceTexts } from '../rules/commands/presence.ts';
import { texts } from '../rules/texts.ts';
import { type EffectHandlers, rosterOf, Stale, senderOf, toSender } from './context.ts';

/** Mutes, texts that are held back, PINs, texts to the owner at most once a day, and errors. */
export const quiet: EffectHandlers<'mute' | 'unmute' | 'hold' | 'release' | 'tellOwner' | 'textPin' | 'refuse'> = {
  async mute({ tx, act }, { until }) {
    await mute(tx, { membershipId: senderOf(act).id, until: new Date(until) });
  },
  async unmute({ tx, act, systemMessages }) {
    const ended = await unmute(tx, { membershipId: senderOf(act).id, now: null });
    const { name: group } = rosterOf(act).group;
    // Where its time was over first, they were told then what they missed.
    systemMessages.push(
      toSender(
        act,
        ended === undefined
          ? () => presenceTexts.on({ group })
          : () => texts.muteOver({ ...ended, group, last: ended.last.map(lineOf) }),
      ),
    );
  },
  async hold({ tx, act }, { text }) {
    await holdText(tx, { memberId: senderOf(act).id, text, now: act.now });
  },
  async release({ tx, act }) {
    // Of two SENDs at once, the later one finds nothing.
    if (!(await releaseText(tx, senderOf(act).id))) throw new Stale();
  },
  async tellOwner({ tx, act, systemMessages }, { subject, text }) {
    const { group, members } = rosterOf(act);
    if (!(await isFirstToday(tx, { personId: act.by.personId, subject, now: act.now }))) return;
    const owner = members.filter((member) => member.owner);
    systemMessages.push({ groupId: group.id, text, to: owner.map(addressOf), urgent: false });
  },
  async textPin({ runtime, tx, act, systemMessages }) {
    systemMessages.push(await pinMessage(runtime, tx, { to: act.by, now: act.now }));
  },
  async refuse(_, { token, about }) {
    throw new DomainError(token, about === null ? {} : { subtype: about });
  },
};
