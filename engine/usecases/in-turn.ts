import type { Runtime } from '../platform/runtime.ts';

/**
 * Does `work` for one group at a time in this process, in the order of asking; `waited` says that somebody else's work
 * came before, so that what was known of the group may have passed. Without it fifty who join in the same instant
 * would all decide on the same roster, and one of them would be right. Other processes are no matter: MySQL's lock
 * and the roster's version are what keeps changes apart, this only saves vain tries.
 */
export async function inTurn<T>(runtime: Runtime, groupId: number, work: (waited: boolean) => Promise<T>): Promise<T> {
  const lines = runtime.use(openLines);
  const before = lines.get(groupId);
  const turn = before === undefined ? work(false) : before.then(() => work(true));
  const over = turn.then(ignore, ignore);
  lines.set(groupId, over);
  try {
    return await turn;
  } finally {
    if (lines.get(groupId) === over) lines.delete(groupId);
  }
}

/** The end of each group's line. */
function openLines(): Map<number, Promise<void>> {
  return new Map();
}

function ignore(): void {}
