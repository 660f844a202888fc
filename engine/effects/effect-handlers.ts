import { payerOf } from '../../db/billing/accounts.ts';
import { isDuplicate } from '../../db/connect.ts';
import { insertDigest } from '../../db/deliveries/digests.ts';
import { dropForward } from '../../db/groups/forwards.ts';
import { activateGroup, endGroup, patchGroup, takeMessageId } from '../../db/groups/group-changes.ts';
import { dropInvitation } from '../../db/groups/invitations.ts';
import { takeOffLists } from '../../db/groups/lists.ts';
import { endMembership, insertMemberships, markBack, markLeft, patchMembership } from '../../db/groups/memberships.ts';
import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import { markPinned } from '../../db/groups/pins.ts';
import { insertListed } from '../../db/messages/listed.ts';
import { insertMessages } from '../../db/messages/messages.ts';
import { dropReaction, putReaction } from '../../db/messages/reactions.ts';
import { revokeKeysOf } from '../../db/people/api-keys.ts';
import { isFirstToday, rememberName } from '../../db/people/people.ts';
import { deleteOtherSessions } from '../../db/people/sessions.ts';
import { holdPrices } from '../billing/holds.ts';
import { endAwaitingOf } from '../delivery/awaiting.ts';
import { takeOrigin } from '../delivery/system-messages.ts';
import { admitStaged } from '../groups/activation.ts';
import { DIGEST_MS } from '../groups/digests.ts';
import { invite } from '../groups/invitations.ts';
import { tellOfNewcomer } from '../groups/newcomer-news.ts';
import { assignNumbers } from '../groups/numbers.ts';
import { addressOf, welcomeOne } from '../groups/welcome.ts';
import { meetPeople } from '../people/forgotten.ts';
import { brandOf } from '../platform/brand-settings.ts';
import { DomainError } from '../platform/errors.ts';
import { callBy } from '../rules/commands/command.ts';
import { asksFirst } from '../rules/consent.ts';
import { shownAs } from '../rules/group-fields.ts';
import { findJoinError } from '../rules/membership.ts';
import { texts } from '../rules/texts.ts';
import { answered } from './answered.ts';
import { approving } from './approving.ts';
import { blocking } from './blocking.ts';
import { recordConsent } from './consent.ts';
import { type EffectHandlers, rosterOf, Stale, senderOf, toSender } from './context.ts';
import { keepCopies } from './copies.ts';
import { drafts } from './drafts.ts';
import { refuseForward } from './forwarding.ts';
import { listing } from './listing.ts';
import { ownership, tellCoOwner } from './ownership.ts';
import { polling } from './polling.ts';
import { quiet } from './quiet.ts';
import { holdOf, isDigested, toMessage } from './saying.ts';
import { endDue, scheduling } from './scheduling.ts';
import { changeLanguage, speaking } from './speaking.ts';

/** How each effect becomes writes. Any error, a domain error included, rolls back the whole act. */
export const effectHandlers: EffectHandlers = {
  ...ownership,
  ...drafts,
  ...quiet,
  ...answered,
  ...scheduling,
  ...polling,
  ...approving,
  ...listing,
  ...speaking,
  ...blocking,
  async say(context, effect) {
    const { runtime, tx, act, messageIds } = context;
    const { group } = rosterOf(act);
    const messageId = await takeMessageId(tx, { ...group, groupId: group.id });
    if (messageId === null) throw new Stale();
    const payerId = await payerOf(tx, group.id);
    const hold = holdOf(runtime, act, effect, payerId);
    // Somebody else has used up what was left: decided again, it is refused.
    if (!context.isGuarded && !(await holdPrices(tx, [hold]))[0]) throw new Stale();
    const held = payerId === null ? null : hold.price;
    const origin = takeOrigin(context.origin);
    const message = toMessage(act, effect, { messageId, payerId, held, origin });
    const [id = 0] = await insertMessages(tx, [message]);
    if (effect.listed !== undefined) await insertListed(tx, { rowId: id, messageId, memberIds: effect.listed });
    await keepCopies(runtime, tx, { messages: [message], ids: [id] });
    messageIds.push(id);
    if (act.kept !== undefined) act.kept.messageId = messageId;
    if (isDigested(act, effect))
      await insertDigest(tx, { messageId: id, dueAt: new Date(act.now.getTime() + DIGEST_MS) });
  },
  async react({ tx, act, events }, { messageId, reaction, removed }) {
    const which = { messageId, memberId: senderOf(act).id, reaction };
    events.push({ kind: 'reacted', messageId });
    if (removed) await dropReaction(tx, which);
    else await putReaction(tx, { ...which, now: act.now });
  },
  async sayDue(context, { scheduleId, again, ...said }) {
    await effectHandlers.say(context, { ...said, kind: 'say' });
    await endDue(context, { scheduleId, messageId: context.messageIds.at(-1) ?? null, again });
    context.events.push({ kind: 'sent', scheduleId, messageId: context.messageIds.at(-1) ?? null });
  },
  async dropDue(context, { scheduleId, again }) {
    await endDue(context, { scheduleId, messageId: null, again });
    context.events.push({ kind: 'dropped', scheduleId });
  },
  async answer({ act, systemMessages }, { text, ignoreOptOut }) {
    systemMessages.push({ ...toSender(act, text), ignoreOptOut: ignoreOptOut ?? false });
  },
  async hint({ tx, act, systemMessages }, { subject, text }) {
    if (await isFirstToday(tx, { personId: act.by.personId, subject, now: act.now }))
      systemMessages.push(toSender(act, text));
  },
  async endSessions({ tx, act }) {
    await deleteOtherSessions(tx, { personId: act.by.personId, sidHash: null });
    // Who had a session may have made a key with it.
    await revokeKeysOf(tx, { personId: act.by.personId, now: act.now });
  },
  async leave(context) {
    const { tx, act, version, events, systemMessages } = context;
    const { id: membershipId, personId } = senderOf(act);
    await takeOffLists(tx, membershipId);
    await markLeft(tx, { membershipId, version, now: act.now });
    events.push({ kind: 'left', membershipId });
    systemMessages.push(...(await endAwaitingOf(tx, { personId, membershipId }, act.now)));
    await recordConsent(context, { kind: 'leave', about: 'membership' });
  },
  async return(context) {
    const { tx, act, version, events } = context;
    const membershipId = senderOf(act).id;
    await markBack(tx, { membershipId, version, now: act.now });
    events.push({ kind: 'joined', membershipId });
    await recordConsent(context, { kind: 'consent', about: 'membership' });
  },
  async activate(context) {
    const { runtime, tx, act, version, systemMessages, events } = context;
    const roster = context.roster ?? rosterOf(act);
    if (!(await activateGroup(tx, { groupId: roster.group.id, now: act.now }))) throw new Stale();
    const { messages, newcomers } = await admitStaged(runtime, tx, { roster, version, cause: act.cause, now: act.now });
    await recordConsent(
      context,
      { kind: 'consent', about: 'ownership' },
      ...newcomers.map(({ personId }) => ({ kind: 'consent', about: 'membership', personId }) as const),
    );
    events.push(...newcomers.map(({ membershipId }) => ({ kind: 'joined', membershipId }) as const));
    systemMessages.push(...messages);
  },
  async add(context, { name, phone, joins, agreed, asked }) {
    const { runtime, tx, act, version, systemMessages, events } = context;
    const roster = rosterOf(act);
    const person = (await meetPeople(runtime, tx, [phone], act.now)).get(phone);
    if (person === undefined) throw new Stale();
    const ours = (await ourNumbersAmong(tx, [phone])).has(phone);
    const newcomer = { name, phone, ours, blocked: person.blockedAt !== null };
    const joinError = findJoinError(roster, newcomer, { max: runtime.config.MAX_MEMBERS, joins });
    if (joinError !== null)
      throw new DomainError(joinError, { subtype: name !== null && joinError === 'DUP_NAME' ? name : phone });
    if (asksFirst(runtime.config.CONSENT, { joins, agreed })) {
      const people = [{ personId: person.id, phone, name, language: person.language }];
      const by = joins ? null : callBy(senderOf(act));
      systemMessages.push(...(await invite(runtime, tx, { group: roster.group, people, by, now: act.now })));
      return;
    }
    const { id: groupId } = roster.group;
    await dropInvitation(tx, { personId: person.id, groupId });
    const wanted = { personIds: [person.id], roster, joins, cause: act.cause, now: act.now };
    const numberId = (await assignNumbers(runtime, tx, wanted)).get(person.id) ?? 0;
    const members = [{ groupId, personId: person.id, numberId, name }];
    const [membershipId = null] = await insertMemberships(tx, { members, fromVersion: version, now: act.now });
    events.push({ kind: 'joined', membershipId });
    if (joins && agreed && name !== null) await rememberName(tx, { personId: person.id, name });
    await recordConsent(context, { kind: 'consent', about: 'membership', personId: person.id, asked });
    const by = joins ? null : senderOf(act);
    const to = { personId: person.id, membershipId, numberId };
    systemMessages.push(...welcomeOne(brandOf(runtime.config), roster, { to, language: person.language, by, agreed }));
    if (membershipId === null) return;
    const arrival = { membershipId, personId: person.id, who: name ?? phone, by, cause: act.cause, now: act.now };
    systemMessages.push(...(await tellOfNewcomer(tx, roster, arrival)));
  },
  async remove(context, { membershipId }) {
    const { tx, act, version, events, systemMessages } = context;
    const removed = rosterOf(act).members.find(({ id }) => id === membershipId);
    if (removed !== undefined) {
      const { personId, phone } = removed;
      await dropForward(tx, { groupId: rosterOf(act).group.id, phone });
      systemMessages.push(...(await endAwaitingOf(tx, { personId, membershipId }, act.now)));
    }
    await takeOffLists(tx, membershipId);
    await endMembership(tx, { membershipId, version, now: act.now });
    events.push({ kind: 'removed', membershipId });
    if (removed !== undefined)
      await recordConsent(context, { kind: 'leave', about: 'membership', personId: removed.personId });
  },
  async setMember({ tx, act, events, systemMessages }, { membershipId, patch }) {
    const { name } = patch;
    if (name !== undefined && membershipId === act.by.membershipId)
      await rememberName(tx, { personId: act.by.personId, name });
    await patchMembership(tx, { membershipId, patch });
    if (patch.language !== undefined)
      await changeLanguage(tx, rosterOf(act), { membershipId, language: patch.language });
    // From this version on the fan-out looks at what they are owed, whatever they chose.
    if (patch.batch !== undefined) await patchGroup(tx, { groupId: rosterOf(act).group.id, patch: { bundling: true } });
    if (name !== undefined) events.push({ kind: 'renamed', membershipId });
    if (patch.coOwner !== undefined) events.push({ kind: 'changed', fields: ['co_owner'] });
    if (patch.coOwner === true) systemMessages.push(...tellCoOwner(act, membershipId));
  },
  async setGroup(context, { patch: wanted, wordsOf }) {
    const roster = rosterOf(context.act);
    const patch = wanted.batches === false ? { ...wanted, hot: false } : wanted;
    await refuseForward(context.tx, patch.forwardTo ?? null);
    try {
      await patchGroup(context.tx, { groupId: roster.group.id, patch });
    } catch (error) {
      throw isDuplicate(error, 'groups_invite') ? new DomainError('USED_INVITE_CODE') : error;
    }
    if (patch.pinned !== undefined) {
      const byId = patch.pinned === null ? null : wordsOf === undefined ? context.act.by.membershipId : wordsOf;
      await markPinned(context.tx, { groupId: roster.group.id, byId });
    }
    const fields = shownAs(patch);
    if (fields.length > 0) context.events.push({ kind: 'changed', fields });
    context.roster = { ...roster, group: { ...roster.group, ...patch } };
  },
  async endGroup({ tx, act, systemMessages }) {
    const { group, members } = rosterOf(act);
    await endGroup(tx, { groupId: group.id, now: act.now });
    const others = members.filter((member) => !member.left && member.id !== act.by.membershipId);
    systemMessages.push({
      groupId: group.id,
      text: () => texts.groupEnded({ group: group.name }),
      to: others.map(addressOf),
      urgent: false,
      once: 'ended',
    });
  },
};
