import { type Tx, transact } from '../../db/connect.ts';
import { insertDeliveries } from '../../db/deliveries/deliveries.ts';
import type { DeliveryKey } from '../../db/deliveries/delivery-keys.ts';
import { markWaiting } from '../../db/deliveries/pending-messages.ts';
import { deletePushes, insertPushes, lockOpenPushes, type NewPush, type OpenPush } from '../../db/deliveries/pushes.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { findAlertable } from '../../db/people/devices.ts';
import type { Config } from '../platform/config.ts';
import { countEvents } from '../platform/events.ts';
import type { PushJob } from '../platform/jobs.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { alertableTypes } from '../pushers/open.ts';
import { pricesOf } from '../rules/price.ts';
import type { Member } from '../rules/types.ts';
import { settleFees } from './fees.ts';
import { enqueueWaiting } from './reservations.ts';

/** From the contract: a member who wants pushes and has none by then gets a text. */
export const PUSH_WITHIN_MS = 10_000;
/** One that is asked for at the last moment is taken without our hearing of it: after this it is a text at once. */
export const PUSH_BEGIN_MS = 6_000;
/** For the worker that makes a push to write down what became of it; after that it counts as not made. */
export const PUSH_GRACE_MS = 5_000;

/** Those of these members who are to get a push: they chose it, and have a device that can be alerted. */
export async function whoGetsPush(runtime: Runtime, members: readonly Member[]): Promise<ReadonlySet<number>> {
  const wanting = members.filter(({ sms }) => sms === 2);
  const types = wanting.length === 0 ? [] : alertableTypes(runtime.config);
  const devices = await findAlertable(runtime.db, { phones: wanting.map(({ phone }) => phone), types });
  const phones = new Set(devices.map(({ phone }) => phone));
  return new Set(wanting.filter(({ phone }) => phones.has(phone)).map(({ personId }) => personId));
}

/** Keeps pushes in the caller's transaction, to be made by `queuePushes`. */
export async function writePushes(tx: Tx, pushes: readonly NewPush[], now: Date): Promise<void> {
  if (pushes.length === 0) return;
  await insertPushes(tx, pushes, { now, dueAt: new Date(now.getTime() + PUSH_WITHIN_MS + PUSH_GRACE_MS) });
}

/** After the commit. Best effort: what is not queued becomes a text when its time is over. */
export async function queuePushes(runtime: Runtime, pushes: readonly NewPush[]): Promise<void> {
  const jobs: PushJob[] = [];
  for (const { messageId, personId } of pushes) {
    const open = jobs.at(-1);
    if (open?.messageId === messageId && open.to.length < MEMBERS_A_JOB) open.to.push(personId);
    else jobs.push({ messageId, to: [personId] });
  }
  if (jobs.length === 0) return;
  await runtime.queues
    .addPushes(jobs)
    .catch((err) => warnRarely(runtime.log, { err }, 'pushes could not be queued; the sweeper texts instead'));
}
const MEMBERS_A_JOB = 25;

/**
 * Texts instead of pushes, once: the rows of pushes without an outcome make way for those of texts, which stand in line.
 * With a `claim` only what that claim holds, else only what is overdue. Returns how many members that was.
 */
export async function textInstead(
  runtime: Runtime,
  { keys, claim }: { keys: readonly DeliveryKey[]; claim: string | null },
): Promise<number> {
  if (keys.length === 0) return 0;
  const now = new Date();
  const open = await transact(runtime.db, async (tx) => {
    const found = await lockOpenPushes(tx, { keys, claim, now });
    if (found.length === 0) return found;
    await deletePushes(tx, found);
    const texts = found.flatMap((push) => textsOf(runtime.config, push));
    await insertDeliveries(tx, texts, now);
    await settleFees(
      tx,
      texts.map(({ messageId, cost }) => ({ messageId, amount: 0, released: -cost })),
      now,
    );
    await markWaiting(tx, idsOf(found));
    return found;
  });
  if (open.length === 0) return 0;
  countEvents(runtime, { 'push:text': open.length });
  await enqueueWaiting(runtime, idsOf(open)).catch((err) =>
    warnRarely(runtime.log, { err }, 'texts instead of pushes were kept but not queued; the sweeper will'),
  );
  return open.length;
}

function textsOf(config: Config, { text, media, part: _, ...of }: OpenPush): Parameters<typeof insertDeliveries>[1] {
  const prices = { pricePerSegment: config.PRICE_PER_SEGMENT, pricePerMms: config.PRICE_PER_MMS };
  return pricesOf({ text, media: readMedia(media), ...prices }).map(({ cost }, part) => ({
    messageId: of.messageId,
    personId: of.personId,
    part,
    numberId: of.numberId,
    membershipId: of.membershipId,
    state: 'queued',
    reason: null,
    cost,
    queuedAt: null,
    batch: null,
  }));
}

function idsOf(pushes: readonly OpenPush[]): number[] {
  return [...new Set(pushes.map(({ messageId }) => messageId))];
}
