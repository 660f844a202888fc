import type { Tx } from '../../db/connect.ts';
import { findInvitations, putInvitation } from '../../db/groups/invitations.ts';
import { hasRefused } from '../../db/people/consents.ts';
import { findUnconfirmed } from '../../db/people/devices.ts';
import type { SystemMessage } from '../delivery/system-messages.ts';
import { newCode } from '../people/secrets.ts';
import { brandOf } from '../platform/brand-settings.ts';
import type { Runtime } from '../platform/runtime.ts';
import { serviceNumberOf } from '../platform/service-number.ts';
import { languageOf, speakIn } from '../rules/languages/index.ts';
import { texts } from '../rules/texts.ts';
import type { Group } from '../rules/types.ts';

/** From the contract: how long somebody has to say YES. */
const INVITED_MS = 72 * 3_600_000;
/** The same offer goes once a day to a phone: how long a NO holds, whatever asks. */
const REFUSED_MS = 24 * 3_600_000;

/**
 * Asks people from the service number whether they want to be members; they are none before their YES. In the caller's
 * transaction, with the people locked. `by` names them, or is null where they joined by a call. Who has an open
 * invitation to the group gets no second text, nor who answered NO to one within a day. Nobody has asked for these texts, so they are
 * first texts to proven phones as well: strangers would fill a phone with them otherwise. Returns the texts.
 */
export async function invite(
  runtime: Runtime,
  tx: Tx,
  { group, people, by, now }: { group: Group; people: readonly Invited[]; by: string | null; now: Date },
): Promise<SystemMessage[]> {
  const service = await serviceNumberOf(runtime, tx);
  const expiresAt = new Date(now.getTime() + INVITED_MS);
  const messages: SystemMessage[] = [];
  for (const { personId, phone, name, language } of people) {
    const open = await findInvitations(tx, { personId, now });
    if (open.some(({ groupId }) => groupId === group.id)) continue;
    if (await hasRefused(tx, { personId, groupId: group.id, since: new Date(now.getTime() - REFUSED_MS) })) continue;
    const code = newCode([...open, ...(await findUnconfirmed(tx, { phone, now }))].map((other) => other.code));
    const put = { brand: brandOf(runtime.config), group: group.name, by, name, code };
    const text = speakIn(languageOf({ own: language, group: group.language }), () => texts.askToJoin(put));
    await putInvitation(tx, { groupId: group.id, personId, code, name, asked: text, expiresAt });
    messages.push({
      groupId: null,
      text,
      to: [{ personId, membershipId: null, numberId: service.id }],
      urgent: false,
      unasked: true,
      asks: { about: 'membership', groupId: group.id, wording: text },
    });
  }
  return messages;
}

export type Invited = { personId: number; phone: string; name: string | null; language: string | null };
