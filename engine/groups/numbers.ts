import type { Tx } from '../../db/connect.ts';
import { endGroup, raiseVersion } from '../../db/groups/group-changes.ts';
import { insertGroupEvents } from '../../db/groups/group-events.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { endLeftMembership } from '../../db/groups/memberships.ts';
import {
  type CountedNumber,
  findUncounted,
  type LoadedNumber,
  readNumberLoads,
  saveNumberLoads,
} from '../../db/groups/number-load.ts';
import { findServing, pairsOf } from '../../db/groups/numbers.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { stagedFor } from '../platform/staged-for.ts';
import type { Cause } from '../rules/budgets.ts';
import { isInTheWay, type NumberPair, pickFor } from '../rules/numbers.ts';
import type { Roster } from '../rules/types.ts';

/**
 * Picks a new group's main number, which is its creator's, locked by the caller. Nothing is bought for it, and no group
 * that they left is ended for it: they may be a phone that a stranger named. Throws OutOfNumbers if none is free.
 */
export async function assignMain(
  runtime: Runtime,
  tx: Tx,
  { personId, now }: { personId: number; now: Date },
): Promise<LoadedNumber> {
  const pairs = (await readPairs(runtime, tx, [personId], now)).map((pair) =>
    pair.state === 'left' ? { ...pair, state: 'taken' as const } : pair,
  );
  const pool = await readNumberLoads(tx);
  const numberId = pickFor({ pool, pairs, personId, groupId: null, main: null });
  const main = pool.find(({ id }) => id === numberId);
  if (main === undefined) throw new OutOfNumbers({ poolSize: pool.length, mayBuy: false });
  await release(runtime, tx, { pairs, picked: new Map([[personId, main.id]]), now });
  return main;
}

/**
 * Picks the numbers through which newcomers reach a group. The caller has locked them, so no other call gives them a
 * number meanwhile. Throws OutOfNumbers if none is free for somebody; one is bought for it where a member added them or
 * turned the group on, and never for what a stranger causes.
 */
export async function assignNumbers(
  runtime: Runtime,
  tx: Tx,
  { personIds, roster, joins, cause, now }: Wanted,
): Promise<Map<number, number>> {
  if (personIds.length === 0) return new Map();
  const groupId = roster.group.id;
  const pairs = await readPairs(runtime, tx, personIds, now);
  const main = (await findServing(tx, roster.group.number)) ?? null;
  // Nearly always: the load of all numbers is read only for the rest.
  if (main !== null && !pairs.some((pair) => pair.numberId === main.id && isInTheWay(pair, groupId)))
    return new Map(personIds.map((personId) => [personId, main.id]));
  const pool = await readNumberLoads(tx);
  const picked = new Map(
    personIds.map((personId) => {
      const numberId = pickFor({ pool, pairs, personId, groupId, main: main?.id ?? null });
      if (numberId === null) throw new OutOfNumbers({ poolSize: pool.length, mayBuy: cause.by === 'member' && !joins });
      return [personId, numberId];
    }),
  );
  await release(runtime, tx, { pairs, picked, now });
  return picked;
}

type Wanted = { personIds: readonly number[]; roster: Roster; joins: boolean; cause: Cause; now: Date };

/** Counts the memberships of each number that was not counted in the last minute. Returns how many numbers. */
export async function countNumberLoads({ db }: Runtime, now = new Date()): Promise<number> {
  const uncounted = await findUncounted(db, new Date(now.getTime() - COUNT_MS));
  for (const numberIds of pagesOf(uncounted)) await saveNumberLoads(db, { numberIds, now });
  return uncounted.length;
}
const COUNT_MS = 60_000;

/** Many numbers a statement, which counts so many memberships at most, by what the numbers carried; or one number's. */
function pagesOf(uncounted: readonly CountedNumber[]): number[][] {
  const pages: number[][] = [];
  let room = 0;
  for (const { id, carries } of uncounted) {
    const page = pages.at(-1);
    if (page !== undefined && page.length < NUMBERS_A_PAGE && carries <= room) page.push(id);
    else {
      pages.push([id]);
      room = MEMBERSHIPS_A_PAGE;
    }
    room -= carries;
  }
  return pages;
}
const NUMBERS_A_PAGE = 500;
const MEMBERSHIPS_A_PAGE = 50_000;

/** No number of the pool is free for somebody. `poolSize` is how many there were. */
export class OutOfNumbers extends DomainError {
  readonly poolSize: number;
  readonly mayBuy: boolean;
  constructor({ poolSize, mayBuy }: { poolSize: number; mayBuy: boolean }) {
    super('UNAVAILABLE', { subtype: 'number', retryAfter: 5 });
    this.poolSize = poolSize;
    this.mayBuy = mayBuy;
  }
}

async function readPairs(runtime: Runtime, tx: Tx, personIds: readonly number[], now: Date): Promise<NumberPair[]> {
  return pairsOf(tx, { personIds, restSince: restBegan(runtime, now), stagedFor: stagedFor(runtime) });
}

function restBegan({ config }: Runtime, now: Date): Date {
  return new Date(now.getTime() - config.PAIR_REST_DAYS * 86_400_000);
}

/**
 * Ends the memberships that held the pairs which were picked, under the locks of their groups. Where one came back in
 * this very moment its pair is taken, and the insert of the new membership fails as a duplicate.
 */
async function release(
  runtime: Runtime,
  tx: Tx,
  { pairs, picked, now }: { pairs: readonly NumberPair[]; picked: ReadonlyMap<number, number>; now: Date },
): Promise<void> {
  const held = pairs.filter(({ personId, numberId }) => picked.get(personId) === numberId);
  for (const { groupId, personId, state } of held) {
    if (state === 'resting') continue;
    const group = await lockGroup(tx, groupId);
    if (group?.state === 'staged') {
      await endGroup(tx, { groupId, now });
      continue;
    }
    const leftBefore = restBegan(runtime, now);
    const membershipId = await endLeftMembership(tx, { groupId, personId, leftBefore, now });
    if (membershipId === null) continue;
    await raiseVersion(tx, [groupId]);
    await insertGroupEvents(tx, groupId, { events: [{ kind: 'removed', membershipId }], now });
  }
}
