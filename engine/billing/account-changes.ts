import type { Tx } from '../../db/connect.ts';
import { findNumber } from '../../db/groups/numbers.ts';
import { writeSystemMessages } from '../delivery/system-messages.ts';
import { brandOf } from '../platform/brand-settings.ts';
import type { Runtime } from '../platform/runtime.ts';
import { texts } from '../rules/texts.ts';
import { words } from '../rules/words.ts';

export type AccountChange = 'password' | 'email' | 'card' | 'key';

/**
 * Tells the phone of an account that a password, e-mail, card or key is new, in the transaction of the change: one text, for a
 * session may be in wrong hands. Returns the rows of the text, for `startSystemMessages`.
 */
export async function tellChanges(
  runtime: Runtime,
  tx: Tx,
  { personId, changes, now }: { personId: number; changes: readonly AccountChange[]; now: Date },
): Promise<number[]> {
  const service = changes.length === 0 ? undefined : await findNumber(tx, runtime.config.SERVICE_NUMBER);
  if (service === undefined) return [];
  const text = () =>
    texts.accountChanged({
      brand: brandOf(runtime.config),
      changes: changes.map((one) => words().accountChanges[one]),
    });
  const to = [{ personId, membershipId: null, numberId: service.id }];
  return writeSystemMessages(runtime, tx, {
    cause: { by: 'member', personId },
    messages: [{ groupId: null, text, to, urgent: true }],
    now,
  });
}
