import { DatabaseUnavailable, type Tx, transact } from '../../db/connect.ts';
import { takeMessageIds } from '../../db/groups/group-changes.ts';
import { lockFreeGroups } from '../../db/groups/groups.ts';
import { insertInbound } from '../../db/messages/inbound-texts.ts';
import { areKept, insertMessages } from '../../db/messages/messages.ts';
import { currentRequests, inRequests, type Request, TooLate } from '../../db/request.ts';
import { type Hold, holdPrices } from '../billing/holds.ts';
import { type Batcher, batched } from '../platform/batch.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Act, Performed } from './act.ts';
import { startFanOut } from './after-commit.ts';
import { isAt } from './context.ts';
import { keepCopies } from './copies.ts';
import { guardOf, originOf } from './origins.ts';
import { holdOf, isDigested, type Say, toMessage } from './saying.ts';

/**
 * Group commit of plain messages, which are nearly all that is done: those that come while others are being kept share a
 * transaction, and one that comes alone is a group of one. Null where an act is something else, or where its group is
 * locked or its text was here before: then nothing was done, and it is performed by itself.
 */
export async function joinGroupCommit(runtime: Runtime, act: Act): Promise<Performed | null> {
  const saying = plainIn(act);
  if (saying === null) return null;
  return runtime.use(openBatcher).add(saying);
}

type Saying = { act: Act; effect: Say; groupId: number; requests: readonly Request[] };

function plainIn(act: Act): Saying | null {
  const [effect, ...others] = act.effects;
  if (act.roster === null || effect?.kind !== 'say' || others.length > 0 || isDigested(act, effect)) return null;
  // One that may have been done before stops nobody else; one to a list writes whom it is for.
  if (act.call !== undefined || effect.listed !== undefined) return null;
  return { act, effect, groupId: act.roster.group.id, requests: currentRequests() };
}

function openBatcher(runtime: Runtime): Batcher<Saying, Performed | null> {
  return batched({ max: TEXTS_AT_ONCE, lingerMs: 0, parallel: 1, flush: (sayings) => sayAll(runtime, sayings) });
}

const TEXTS_AT_ONCE = 64;

/** Where they cannot be kept together each is kept alone, so that one that was here before stops nobody else. */
async function sayAll(runtime: Runtime, sayings: readonly Saying[]): Promise<(Performed | null)[]> {
  try {
    const requests = sayings.flatMap((saying) => saying.requests);
    const { verdicts, kept, messageIds } = await inRequests(requests, () =>
      transact(runtime.db, (tx) => writeAll(runtime, tx, sayings)),
    );
    for (const [at, { act }] of kept.entries()) act.request?.messages.push(...messageIds.slice(at, at + 1));
    startFanOut(runtime, messageIds);
    return verdicts;
  } catch (error) {
    if (error instanceof DatabaseUnavailable && !(error instanceof TooLate)) throw error;
    runtime.log.debug({ err: error }, 'messages could not be kept together');
    return sayings.map(() => null);
  }
}

async function writeAll(
  runtime: Runtime,
  tx: Tx,
  sayings: readonly Saying[],
): Promise<{ verdicts: (Performed | null)[]; kept: readonly Saying[]; messageIds: number[] }> {
  // A group that somebody has locked for long keeps only its own texts waiting.
  const groups = new Map((await lockFreeGroups(tx, [...new Set(sayings.map((one) => one.groupId))])).map(byId));
  const carrierIds = new Set<string>();
  const verdicts = sayings.map(({ act: { inbound, roster }, groupId }): Performed | null => {
    const group = groups.get(groupId);
    // A text that the carrier brings twice in the same instant would stop all the others.
    if (group === undefined || (inbound !== null && carrierIds.has(inbound.carrierId))) return null;
    if (roster === null || !isAt(group, roster.group) || group.state !== 'active') return 'stale';
    if (inbound !== null) carrierIds.add(inbound.carrierId);
    return 'done';
  });
  const holds = new Map<Saying, Hold>();
  for (const [at, saying] of sayings.entries()) {
    const { payerId = null } = groups.get(saying.groupId) ?? {};
    if (verdicts[at] === 'done') holds.set(saying, holdOf(runtime, saying.act, saying.effect, payerId));
  }
  const accepted = await holdPrices(tx, [...holds.values()]);
  const kept = [...holds.keys()].filter((_, at) => accepted[at]);
  // Those before it in this very moment have used up what was left: decided again, it is refused.
  for (const [at, saying] of sayings.entries())
    if (verdicts[at] === 'done' && !kept.includes(saying)) verdicts[at] = 'stale';
  if (kept.length === 0) return { verdicts, kept, messageIds: [] };
  const origins = new Map(kept.map((saying) => [saying, originOf(saying.act)]));
  const inbound = kept.flatMap((saying) => guardOf(saying.act, origins.get(saying)?.groupId ?? null));
  if (inbound.length > 0) await insertInbound(tx, inbound);
  const taken = new Map<number, number>();
  const messages = kept.map((saying) => {
    const { act, effect, groupId } = saying;
    const count = (taken.get(groupId) ?? 0) + 1;
    taken.set(groupId, count);
    const { lastMessageId = 0, payerId = null } = groups.get(groupId) ?? {};
    const held = payerId === null ? null : (holds.get(saying)?.price ?? 0);
    const messageId = lastMessageId + count;
    if (act.kept !== undefined) act.kept.messageId = messageId;
    return toMessage(act, effect, { messageId, payerId, held, origin: origins.get(saying)?.origin ?? null });
  });
  await takeMessageIds(tx, taken);
  const messageIds = await insertMessages(tx, messages);
  await keepCopies(runtime, tx, { messages, ids: messageIds });
  tx.ifDoubted((sql) => areKept(sql, messageIds));
  return { verdicts, kept, messageIds };
}

function byId<T extends { id: number }>(one: T): [number, T] {
  return [one.id, one];
}
