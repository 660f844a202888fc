import type { Tx } from '../../db/connect.ts';
import { type Consent, findLastAsked, insertConsents } from '../../db/people/consents.ts';
import type { EffectContext } from './context.ts';

/** Keeps in the ledger what the sender agrees to, or does not: for themself, or for somebody whom they name. */
export async function recordConsent(context: EffectContext, ...recorded: readonly Recorded[]): Promise<void> {
  const { tx, act, roster } = context;
  const groupId = roster?.group.id ?? null;
  const consents: Consent[] = [];
  for (const one of recorded) {
    const consent = consentOf(act, groupId, one);
    const asked = consent.asked ?? (await askedBefore(tx, consent));
    consents.push({ ...consent, asked });
  }
  await insertConsents(tx, consents, act.now);
}

type Recorded = Pick<Consent, 'kind' | 'about'> & {
  personId?: number;
  asked?: string | undefined;
  /** Left out where it is about all numbers. */
  numberId?: number | null;
};

/** The owner of a group was asked by a text of ours. */
async function askedBefore(tx: Tx, { about, personId, groupId }: Consent): Promise<string | null> {
  return about !== 'ownership' || groupId === null ? null : findLastAsked(tx, { personId, groupId });
}

function consentOf(
  { by, cause, inbound }: EffectContext['act'],
  groupId: number | null,
  { kind, about, personId = by.personId, asked, numberId = null }: Recorded,
): Consent {
  return {
    personId,
    groupId: kind === 'stop' || kind === 'start' ? null : groupId,
    kind,
    about,
    numberId,
    byId: cause.by === 'member' ? cause.personId : null,
    way: inbound === null || inbound.isCall ? 'call' : 'text',
    wording: inbound?.words ?? null,
    asked: asked ?? null,
    carrierId: inbound?.carrierId ?? null,
  };
}
