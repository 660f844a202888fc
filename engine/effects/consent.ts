import { type Consent, insertConsents } from '../../db/people/consents.ts';
import type { EffectContext } from './context.ts';

/** Keeps in the ledger what the sender agrees to, or does not: for themself, or for somebody whom they name. */
export async function recordConsent(context: EffectContext, ...recorded: readonly Recorded[]): Promise<void> {
  const { tx, act, roster } = context;
  const groupId = roster?.group.id ?? null;
  await insertConsents(
    tx,
    recorded.map((one) => consentOf(act, groupId, one)),
    act.now,
  );
}

type Recorded = Pick<Consent, 'kind' | 'about'> & { personId?: number; asked?: string | undefined };

function consentOf(
  { by, inbound }: EffectContext['act'],
  groupId: number | null,
  { kind, about, personId = by.personId, asked }: Recorded,
): Consent {
  return {
    personId,
    groupId: kind === 'stop' || kind === 'start' ? null : groupId,
    kind,
    about,
    byId: by.personId,
    way: inbound === null || inbound.isCall ? 'call' : 'text',
    wording: inbound?.words ?? null,
    asked: asked ?? null,
    carrierId: inbound?.carrierId ?? null,
  };
}
