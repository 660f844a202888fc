import { type Sql, transact } from '../../../db/connect.ts';
import { setBlocked } from '../../../db/people/blocks.ts';
import { insertConsents } from '../../../db/people/consents.ts';
import { raiseRostersOf } from '../../delivery/opt-out.ts';

/**
 * Blocks a person as their STOP would, or ends that. They said so to the operator, who keeps how: it stands in the ledger like a
 * STOP or START of theirs. False where that is so already.
 */
export async function blockPerson(
  sql: Sql,
  { personId, blocked, reason, now }: { personId: number; blocked: boolean; reason: string | null; now: Date },
): Promise<boolean> {
  return transact(sql, async (tx) => {
    if (!(await setBlocked(tx, { personId, at: blocked ? now : null }))) return false;
    const said = { kind: blocked ? 'stop' : 'start', about: 'texts', way: 'operator', wording: reason } as const;
    const nothing = { groupId: null, numberId: null, byId: null, asked: null, carrierId: null };
    await insertConsents(tx, [{ ...said, ...nothing, personId }], now);
    await raiseRostersOf(tx, personId);
    return true;
  });
}
