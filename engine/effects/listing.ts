import { isDuplicate } from '../../db/connect.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { countLists, deleteList, hasList, insertList, putOnList, takeOffList } from '../../db/groups/lists.ts';
import { LIST_LIMITS } from '../rules/lists.ts';
import { type EffectContext, type EffectHandlers, isAt, rosterOf, Stale } from './context.ts';

/** The lists of a group: made, changed and deleted under its lock, on the roster that was decided on. */
export const listing: EffectHandlers<'makeList' | 'changeList' | 'dropList'> = {
  async makeList(context, { name, memberIds }) {
    const groupId = await lockedGroup(context);
    const { tx, act } = context;
    if ((await countLists(tx, groupId)) >= LIST_LIMITS.lists) throw new Stale();
    const listId = await insertList(tx, { groupId, name, now: act.now }).catch((error: unknown) => {
      // Another owner made it in the same instant: decided again, it is there.
      throw isDuplicate(error, 'lists_name') ? new Stale() : error;
    });
    await putOnList(tx, { listId, memberIds });
  },
  async changeList(context, { listId, on, off }) {
    const groupId = await lockedGroup(context);
    if (!(await hasList(context.tx, { listId, groupId }))) throw new Stale();
    await putOnList(context.tx, { listId, memberIds: on });
    await takeOffList(context.tx, { listId, memberIds: off });
  },
  async dropList(context, { listId }) {
    const groupId = await lockedGroup(context);
    if (!(await deleteList(context.tx, { listId, groupId }))) throw new Stale();
  },
};

async function lockedGroup({ tx, act, events }: EffectContext): Promise<number> {
  const { group } = rosterOf(act);
  const locked = await lockGroup(tx, group.id);
  if (locked?.state !== 'active' || !isAt(locked, group)) throw new Stale();
  events.push({ kind: 'changed', fields: ['lists'] });
  return group.id;
}
