import { isDuplicate, type Tx, transact } from '../../db/connect.ts';
import { raiseVersion } from '../../db/groups/group-changes.ts';
import { insertGroupEvents } from '../../db/groups/group-events.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { insertInbound } from '../../db/messages/inbound-texts.ts';
import { areKept } from '../../db/messages/messages.ts';
import { noticeLandlines } from '../delivery/landlines.ts';
import { startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import { writeInLanguages } from '../delivery/written-messages.ts';
import { withNumbers } from '../groups/buying.ts';
import { countEvents } from '../platform/events.ts';
import type { Runtime } from '../platform/runtime.ts';
import { changesRoster, type Effect } from '../rules/effects.ts';
import type { NewGroupEvent } from '../rules/group-events.ts';
import type { Roster } from '../rules/types.ts';
import type { Act, Performed } from './act.ts';
import { startFanOut } from './after-commit.ts';
import { type EffectContext, isAt, Stale } from './context.ts';
import { effectHandlers } from './effect-handlers.ts';
import { joinGroupCommit } from './group-commit.ts';
import { completeGuard, guardOf, isMessageLost, isOfGroupAlone, isPlainSaying, originOf } from './origins.ts';
import { nameCall } from './repeated-calls.ts';

/**
 * The one place where effects become writes: one transaction, and after its commit the queues. When it resolves, the
 * writes are durable; queueing goes on by itself. Throws the `DomainError` of an effect that is not allowed; then nothing
 * was changed.
 */
export async function perform(runtime: Runtime, act: Act): Promise<Performed> {
  const said = await joinGroupCommit(runtime, act);
  return said ?? performAlone(runtime, act, { isGuarded: false, hasOrigin: true });
}

/** `isGuarded`: the text was here before, and left nothing else; `hasOrigin`: its message is marked by it. */
type How = { isGuarded: boolean; hasOrigin: boolean };

async function performAlone(runtime: Runtime, act: Act, how: How): Promise<Performed> {
  try {
    const written = await withNumbers(runtime, () => transact(runtime.db, (tx) => write(runtime, tx, act, how)));
    act.request?.messages.push(...written.messageIds, ...written.systemMessageIds);
    start(runtime, written);
    noticeLandlines(runtime, addedBy(act, written.events));
    countBlocks(runtime, act);
    return 'done';
  } catch (error) {
    if (error instanceof Stale) return 'stale';
    if (act.inbound !== null && !how.isGuarded && isDuplicate(error, 'PRIMARY'))
      return (await isMessageLost(runtime, act)) ? performAlone(runtime, act, { ...how, isGuarded: true }) : 'repeated';
    if (isDuplicate(error, 'messages_origin')) return performWritten(runtime, act, how);
    // Two memberships of one person got the same number of ours in the same instant: the next try picks another.
    if (isDuplicate(error, 'memberships_pair')) return 'stale';
    throw error;
  }
}

/** Its message is there. What a command changed of people may be lost with its guard: then it is done again, and answered again. */
async function performWritten(runtime: Runtime, act: Act, how: How): Promise<Performed> {
  if (!how.isGuarded && !isOfGroupAlone(act)) return performAlone(runtime, act, { ...how, hasOrigin: false });
  await completeGuard(runtime, act);
  return 'repeated';
}

type Written = { messageIds: number[]; systemMessageIds: number[]; events: readonly NewGroupEvent[] };

async function write(runtime: Runtime, tx: Tx, act: Act, { isGuarded, hasOrigin }: How): Promise<Written> {
  const { roster, effects, now } = act;
  if (act.kept !== undefined) act.kept.messageId = null;
  const named = hasOrigin ? originOf(act) : null;
  const origin = named === null ? null : { ...named, isTaken: false };
  const guard = async (groupId: number | null) => {
    const rows = isGuarded ? [] : guardOf(act, groupId);
    if (rows.length > 0) await insertInbound(tx, rows);
  };
  // Of a repeat nothing more is done.
  if (isPlainSaying(act)) await guard(origin?.groupId ?? null);
  const context: EffectContext = {
    runtime,
    tx,
    act,
    roster,
    version: roster?.group.version ?? 0,
    systemMessages: [],
    messageIds: [],
    origin,
    isGuarded,
    events: [],
  };
  if (roster !== null && effects.some(changesRoster)) {
    await lockAt(tx, roster);
    await raiseVersion(tx, [roster.group.id]);
    context.version++;
  }
  for (const effect of effects) await effectHandlers[effect.kind](context, effect as never);
  if (roster !== null) await insertGroupEvents(tx, roster.group.id, { events: context.events, now });
  const systemMessages = await writeInLanguages(tx, context.systemMessages);
  const systemMessageIds = await writeSystemMessages(runtime, tx, {
    cause: act.cause,
    messages: systemMessages,
    now,
    requestId: act.request?.id ?? null,
    origin,
  });
  if (!isPlainSaying(act)) await guard(origin?.isTaken ? origin.groupId : null);
  tx.ifDoubted((sql) => areKept(sql, [...context.messageIds, ...systemMessageIds]));
  const answers = systemMessages.flatMap(({ answers, text }) => (answers === true ? [text] : []));
  const reply = answers.length === 0 ? null : answers.join('\n');
  if (act.reply !== undefined) act.reply.text = reply;
  // Last, so that what fails leaves the name to be used again.
  if (act.call !== undefined)
    nameCall(act.call, {
      refresh: effects.some(changesRoster),
      reply: act.reply === undefined ? null : reply,
      messageId: act.kept?.messageId ?? null,
    });
  return { messageIds: context.messageIds, systemMessageIds, events: context.events };
}

async function lockAt(tx: Tx, roster: Roster): Promise<void> {
  const group = await lockGroup(tx, roster.group.id);
  if (group === undefined || group.state === 'deleted' || !isAt(group, roster.group)) throw new Stale();
}

/** The memberships of those whom somebody else made members; who joins by themself has a phone that texts. */
function addedBy({ effects }: Act, events: readonly NewGroupEvent[]): number[] {
  if (!effects.some((effect) => effect.kind === 'activate' || (effect.kind === 'add' && !effect.joins))) return [];
  return events.flatMap((event) => (event.kind === 'joined' && event.membershipId != null ? [event.membershipId] : []));
}

function countBlocks(runtime: Runtime, { effects }: Act): void {
  const count = (what: Effect['kind']) => effects.filter(({ kind }) => kind === what).length;
  countEvents(runtime, { stop: count('block'), start: count('unblock') });
}

function start(runtime: Runtime, { messageIds, systemMessageIds }: Written): void {
  startFanOut(runtime, messageIds);
  void startSystemMessages(runtime, systemMessageIds);
}
