import { type Tx, transact } from '../db/connect.ts';
import {
  countWaiting,
  type DeliveryKey,
  insertDeliveries,
  lockWaiting,
  markQueued,
  markWaitingAgain,
  type NewDelivery,
} from '../db/deliveries.ts';
import {
  findUnwritten,
  lockMessage,
  lockUnwritten,
  markWaiting,
  markWritten,
  type PendingMessage,
  readMedia,
  settleWaiting,
} from '../db/messages.ts';
import { type Batcher, batched } from './batch.ts';
import { type Grant, type Pace, type Taken, type Turn, takeTurns } from './pacing.ts';
import type { SendJob, TryOf } from './queues.ts';
import { recipientsOf } from './rules/audience.ts';
import { costOf } from './rules/money.ts';
import { countSegments } from './rules/segments.ts';
import { splitDelivered } from './rules/text.ts';
import type { Runtime } from './runtime.ts';

/**
 * Writes the deliveries of a message, and before it those of earlier messages of its group, and queues what has a
 * sending slot. Safe to repeat: names are computed, rows that are there stay, and a message is written once. Messages
 * that come while others are being written are written together.
 */
export async function fanOut(runtime: Runtime, messageId: number): Promise<void> {
  const failed = await fanOutsOf(runtime).add(messageId);
  if (failed !== null) throw failed.error;
}

/** Hands out the slots that are free now to whoever's turn it is. */
export async function pump(runtime: Runtime): Promise<void> {
  await placeTurns(runtime, []);
}

/** Puts turns in line, and places whatever slots that gives to whomever. */
export async function placeTurns(runtime: Runtime, turns: readonly Turn[]): Promise<void> {
  await serve(runtime, await askForSlots(runtime, turns));
}

/** A try that failed for now stands in line again. */
export async function retry(runtime: Runtime, tries: readonly TryOf[]): Promise<void> {
  await standInLine(runtime, await takeBack(runtime, tries));
}

/** The slots of a job have passed while nothing could be sent: it stands in line again. */
export async function renew(runtime: Runtime, send: SendJob): Promise<void> {
  await retry(runtime, triesOf(send));
}

/** Puts everything of these messages that waits for a slot in line. */
export async function standInLine(runtime: Runtime, messageIds: readonly number[]): Promise<void> {
  const waiting = await countWaiting(runtime.db, messageIds);
  await settleWaiting(
    runtime.db,
    messageIds.filter((id) => !waiting.some(({ messageId }) => messageId === id)),
  );
  await placeTurns(
    runtime,
    waiting.map(({ groupId, urgent, ...turn }) => ({ ...turn, groupId: groupId ?? 0, urgent: urgent === 1 })),
  );
}

const PUMP_MS = 200;
/** A job that was due this long ago is looked for. */
const GRACE_MS = 10_000;
/** Recipients that ride in one job, where their slots are the same. */
const RECIPIENTS_A_JOB = 25;
const SAME_SLOT_MS = 50;

/** Messages written in one transaction: it stays short, whatever has piled up. */
const MESSAGES_AT_ONCE = 16;

type Failed = { error: unknown };
const open = new WeakMap<Runtime, Batcher<number, Failed | null>>();

/** One batcher a process: an idle one starts at once, a busy one gathers. */
function fanOutsOf(runtime: Runtime): Batcher<number, Failed | null> {
  const known = open.get(runtime);
  if (known !== undefined) return known;
  const opened = batched<number, Failed | null>({
    max: MESSAGES_AT_ONCE,
    lingerMs: 0,
    flush: (ids) => fanOutTogether(runtime, ids),
  });
  open.set(runtime, opened);
  return opened;
}

/** Where they cannot be written together, each is tried alone, so that a bad one stops only itself and its group. */
async function fanOutTogether(runtime: Runtime, ids: readonly number[]): Promise<(Failed | null)[]> {
  try {
    await fanOutAll(runtime, ids);
    return ids.map(() => null);
  } catch (error) {
    if (ids.length === 1) return [{ error }];
    const alone: (Failed | null)[] = [];
    for (const id of ids) alone.push(...(await fanOutTogether(runtime, [id])));
    return alone;
  }
}

async function fanOutAll(runtime: Runtime, messageIds: readonly number[]): Promise<void> {
  for (;;) {
    const ids = await findUnwritten(runtime.db, { upTo: messageIds, limit: MESSAGES_AT_ONCE });
    if (ids.length === 0) return;
    const { sends, others, waiting } = await transact(runtime.db, async (tx) =>
      writeMessages(runtime, tx, await lockUnwritten(tx, ids)),
    );
    await queueSends(runtime, sends);
    await serve(runtime, { grants: others, waiting });
    if (ids.length < MESSAGES_AT_ONCE) return;
  }
}

type Plan = { sends: SendJob[]; others: Grant[]; waiting: number };
type Slot = { queuedAt: Date; dueAt: Date; atMs: number | null };

async function writeMessages(runtime: Runtime, tx: Tx, messages: readonly PendingMessage[]): Promise<Plan> {
  if (messages.length === 0) return { sends: [], others: [], waiting: 0 };
  const now = new Date();
  const planned = await Promise.all(
    messages.map(async (message) => ({ message, deliveries: await planDeliveries(runtime, message, now) })),
  );
  const turns = planned.flatMap(({ message, deliveries }) => turnsOf(message, deliveries));
  const { grants, waiting } = await askForSlots(runtime, turns);
  const sends = planned.flatMap(({ message, deliveries }) => giveSlots(message, deliveries, grants, now));
  await insertDeliveries(
    tx,
    planned.flatMap(({ deliveries }) => deliveries),
    now,
  );
  await markWritten(
    tx,
    planned.map(({ message, deliveries }) => ({
      id: message.id,
      waiting: deliveries.some(({ state, queuedAt }) => state === 'queued' && queuedAt === null),
    })),
  );
  const ids = new Set(messages.map(({ id }) => id));
  return { sends, others: grants.filter(({ messageId }) => !ids.has(messageId)), waiting };
}

/** Notes on each delivery when it is sent; answers the jobs. */
function giveSlots(
  { id, urgent }: PendingMessage,
  deliveries: readonly NewDelivery[],
  grants: readonly Grant[],
  now: Date,
): SendJob[] {
  const mine = grants.filter(({ messageId }) => messageId === id);
  const slots = new Map(mine.map((grant) => [grant.numberId, slotsOf(grant, now.getTime())]));
  const jobs: SendJob[] = [];
  for (const delivery of deliveries) {
    const slot = delivery.state === 'queued' ? slots.get(delivery.numberId)?.shift() : undefined;
    if (slot === undefined) continue;
    Object.assign(delivery, { queuedAt: slot.queuedAt, dueAt: slot.dueAt });
    addToJob(jobs, { ...delivery, attempt: 0 }, slot, urgent === 1);
  }
  return jobs;
}

async function planDeliveries(runtime: Runtime, message: PendingMessage, now: Date): Promise<NewDelivery[]> {
  const { config } = runtime;
  const roster = await runtime.rosters.read(message);
  const media = readMedia(message.media).length;
  const costs = splitDelivered(message.text).map((part, at) =>
    costOf({
      segments: countSegments(part).segments,
      media: at === 0 ? media : 0,
      pricePerSegment: config.PRICE_PER_SEGMENT,
      pricePerMms: config.PRICE_PER_MMS,
    }),
  );
  const said = { senderId: message.senderId, toId: message.toId, cc: message.cc === 1 };
  return recipientsOf(roster, said, now.getTime()).flatMap(({ member, skip }) =>
    costs.map(
      (cost, part): NewDelivery => ({
        messageId: message.id,
        personId: member.personId,
        part,
        numberId: member.numberId,
        membershipId: member.id,
        state: skip === null ? 'queued' : 'skipped',
        reason: skip,
        cost,
        queuedAt: null,
        dueAt: null,
      }),
    ),
  );
}

function turnsOf(message: PendingMessage, deliveries: readonly NewDelivery[]): Turn[] {
  const counts = new Map<number, number>();
  for (const { state, numberId } of deliveries)
    if (state === 'queued') counts.set(numberId, (counts.get(numberId) ?? 0) + 1);
  return [...counts].map(([numberId, count]) => ({
    urgent: false,
    numberId,
    groupId: message.groupId,
    messageId: message.id,
    count,
  }));
}

async function askForSlots(runtime: Runtime, turns: readonly Turn[]): Promise<Taken> {
  const { config, queues, redis } = runtime;
  const pace: Pace = {
    numberMps: config.NUMBER_MPS,
    accountMps: config.ACCOUNT_MPS,
    horizonMs: config.HORIZON_SECONDS * 1000,
  };
  const limited = pace.numberMps > 0 || pace.accountMps > 0;
  return takeTurns(redis, { turns, pace, room: limited ? 0 : await queues.room() });
}

/** Places grants; whatever becomes of that, somebody comes back for those who still wait. */
async function serve(runtime: Runtime, { grants, waiting }: Taken): Promise<void> {
  try {
    await place(runtime, grants);
  } finally {
    if (waiting > 0) await runtime.queues.addPump(Date.now() + PUMP_MS);
  }
}

/** Queues the deliveries that were granted slots. */
async function place(runtime: Runtime, grants: readonly Grant[]): Promise<void> {
  if (grants.length === 0) return;
  const sends = await transact(runtime.db, async (tx) => {
    const jobs: SendJob[] = [];
    for (const grant of grants) {
      // Waits for the fan-out that is still writing this message; without it there is nothing to place.
      const message = await lockMessage(tx, grant.messageId);
      if (message === undefined) continue;
      const deliveries = await lockWaiting(tx, {
        messageId: grant.messageId,
        numberId: grant.numberId,
        limit: grant.count,
      });
      const slots = slotsOf(grant, Date.now());
      const placed = deliveries.map((delivery, at) => ({ key: delivery, ...(slots[at] as Slot) }));
      await markQueued(tx, placed);
      for (const { key, ...slot } of placed)
        addToJob(jobs, { ...key, numberId: grant.numberId }, slot, message.urgent === 1);
    }
    await settleWaiting(tx, [...new Set(grants.map(({ messageId }) => messageId))]);
    return jobs;
  });
  await queueSends(runtime, sends);
}

/** What cannot be queued, because Redis has gone away, waits for a slot again; the sweeper puts it in line. */
async function queueSends(runtime: Runtime, sends: readonly SendJob[]): Promise<void> {
  try {
    await runtime.queues.addSends(sends);
  } catch (err) {
    runtime.log.warn({ err }, 'texts with slots could not be queued; the sweeper puts them in line');
    await takeBack(runtime, sends.flatMap(triesOf));
  }
}

/** Makes tries wait for a slot again, where they are still queued; answers their messages. */
async function takeBack(runtime: Runtime, tries: readonly TryOf[]): Promise<number[]> {
  const messageIds = [...new Set(tries.map(({ messageId }) => messageId))];
  if (messageIds.length === 0) return [];
  await transact(runtime.db, async (tx) => {
    await markWaitingAgain(tx, tries);
    await markWaiting(tx, messageIds);
  });
  return messageIds;
}

/** The tries that rows know while the job's ones are about to be made. */
function triesOf({ messageId, to }: SendJob): TryOf[] {
  return to.map(({ attempt, ...person }) => ({ messageId, ...person, attempt: attempt - 1 }));
}

function slotsOf({ count, slots }: Grant, now: number): Slot[] {
  return Array.from({ length: count }, (_, at) => {
    const atMs = slots?.[at] ?? null;
    const queued = atMs ?? now;
    return { queuedAt: new Date(queued), dueAt: new Date(queued + GRACE_MS), atMs };
  });
}

/** Joins the job before it where that one is due at the same moment; else begins a new one. Retries ride alone. */
function addToJob(
  jobs: SendJob[],
  { messageId, numberId, personId, part, attempt }: DeliveryKey & { numberId: number; attempt: number },
  slot: Slot,
  urgent: boolean,
): void {
  const to = { personId, part, attempt: attempt + 1 };
  const open = jobs.findLast((job) => job.messageId === messageId && job.numberId === numberId);
  const joins =
    open !== undefined &&
    attempt === 0 &&
    open.to.length < RECIPIENTS_A_JOB &&
    (slot.atMs ?? 0) - (open.atMs ?? 0) < SAME_SLOT_MS;
  if (joins) open.to.push(to);
  else jobs.push({ messageId, numberId, atMs: slot.atMs, urgent, to: [to] });
}
