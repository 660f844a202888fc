import { addCarrierBlock, dropCarrierBlock, setBlocked } from '../../db/people/blocks.ts';
import { endAwaitingOf } from '../delivery/awaiting.ts';
import { optOutMessages, raiseRostersOf } from '../delivery/opt-out.ts';
import { recordConsent } from './consent.ts';
import { type EffectHandlers, Stale } from './context.ts';

/** STOP and START. */
export const blocking: EffectHandlers<'block' | 'blockByCarrier' | 'unblock'> = {
  async block(context, { byCarrier }) {
    const { tx, act, systemMessages } = context;
    // Another STOP was faster: it was confirmed, and the owners were told.
    if (!(await setBlocked(tx, { personId: act.by.personId, at: act.now }))) throw new Stale();
    if (byCarrier) await addCarrierBlock(tx, { ...act.by, now: act.now });
    await recordConsent(context, { kind: 'stop', about: 'texts' });
    await raiseRostersOf(tx, act.by.personId);
    systemMessages.push(...(await optOutMessages(tx, act.by.personId)));
    systemMessages.push(...(await endAwaitingOf(tx, { personId: act.by.personId }, act.now)));
  },
  async blockByCarrier(context) {
    const { tx, act } = context;
    const { scope } = await addCarrierBlock(tx, { ...act.by, now: act.now });
    const numberId = scope === 'pair' ? act.by.numberId : null;
    await recordConsent(context, { kind: 'stop', about: 'texts', numberId });
  },
  async unblock(context, { byCarrier }) {
    const { tx, act } = context;
    const lifted = await setBlocked(tx, { personId: act.by.personId, at: null });
    const byCarrierToo = byCarrier ? await dropCarrierBlock(tx, act.by) : null;
    if (!lifted && byCarrierToo === null) throw new Stale();
    // The carrier's block of a toll-free number is about no other number.
    const numberIds = [
      ...(lifted || byCarrierToo === 'campaign' ? [null] : []),
      ...(byCarrierToo === 'pair' ? [act.by.numberId] : []),
    ];
    const starts = numberIds.map((numberId) => ({ kind: 'start', about: 'texts', numberId }) as const);
    await recordConsent(context, ...starts);
    await raiseRostersOf(tx, act.by.personId);
  },
};
