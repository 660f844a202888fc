import { randomBytes } from 'node:crypto';
import { type BatchKey, type BatchSheet, claimBatches, readBatchSheets } from '../db/batches.ts';
import { claimDeliveries, markSkipped, readSendSheets, type SendSheet } from '../db/claims.ts';
import { type DeliveryKey, nameOf } from '../db/delivery-keys.ts';
import { readMedia } from '../db/messages.ts';
import { batched } from '../engine/batch.ts';
import { CLAIM_GRACE_MS } from '../engine/progress.ts';
import type { TryOf } from '../engine/queues.ts';
import { splitDelivered } from '../engine/rules/text.ts';
import type { Member, Roster } from '../engine/rules/types.ts';
import type { Runtime } from '../engine/runtime.ts';

/** What to send, and until when, on a clock that nobody sets: by then another may have the next try. */
export type Claimed = Pick<SendSheet, 'from' | 'to' | 'text' | 'cost' | 'numberId'> & {
  media: string[];
  sendBy: number;
};
export type BatchOf = BatchKey & { to: readonly { personId: number; part: number }[] };

/**
 * Claims what a job is about to send: what to send, as it is now, and the mark that makes it ours alone. One that is
 * blocked or gone by now is skipped; a job that comes late, after its try was made, gets nothing.
 */
export type Claims = {
  one(of: TryOf): Promise<Claimed | null>;
  /** Those of a batch that are to be sent, by person; null when somebody else has it or had it. */
  batch(of: BatchOf): Promise<ReadonlyMap<number, Claimed> | null>;
};

export function openClaims(runtime: Runtime): Claims {
  // Process ids are no names: in containers, many processes have the same.
  const claimer = randomBytes(9).toString('base64url');
  let claims = 0;
  const next = () => ({
    claim: `${claimer}-${++claims}`,
    dueAt: new Date(Date.now() + runtime.config.CARRIER_TIMEOUT_MS + CLAIM_GRACE_MS),
  });
  const each = batched({
    max: 400,
    lingerMs: 2,
    flush: (tries: TryOf[]) => claimEach(runtime, tries, next()),
  });
  const whole = batched({
    max: BATCHES_AT_ONCE,
    lingerMs: 2,
    flush: (batches: BatchOf[]) => claimWhole(runtime, batches, next()),
  });
  return { one: each.add, batch: whole.add };
}

const BATCHES_AT_ONCE = 64;
type Claim = { claim: string; dueAt: Date };
const sendByNow = () => performance.now() + CLAIM_GRACE_MS / 2;

async function claimEach(runtime: Runtime, tries: readonly TryOf[], { claim, dueAt }: Claim) {
  const sendBy = sendByNow();
  const asked = new Map(tries.map((of) => [nameOf(of), of.attempt]));
  const wanted = await withoutSkipped(runtime, tries, (sheet) => {
    return sheet.batch === null && sheet.attempt + 1 === asked.get(nameOf(sheet));
  });
  const mine = wanted.length === 0 ? [] : await claimDeliveries(runtime.db, { tries: wanted, claim, dueAt });
  const got = new Map(mine.map((sheet) => [nameOf(sheet), { ...toSend(sheet), sendBy }]));
  return tries.map((of) => {
    const sheet = got.get(nameOf(of)) ?? null;
    // Two jobs may ask for the same try at once: the second gets nothing.
    got.delete(nameOf(of));
    return sheet;
  });
}

async function claimWhole(runtime: Runtime, batches: readonly BatchOf[], { claim, dueAt }: Claim) {
  const sendBy = sendByNow();
  const asked = new Map(batches.map((of) => [of.batch, of]));
  const sheets = await readBatchSheets(runtime.db, batches);
  const texts = await textsOf(runtime, sheets, asked);
  // Last, so that nothing can fail between the claim and the sending.
  const mine = sheets.length === 0 ? [] : await claimBatches(runtime.db, { batches: sheets, claim, dueAt });
  const got = new Map(
    mine.map(({ batch }) => [batch, new Map(texts.get(batch)?.map((text) => [text.personId, { ...text, sendBy }]))]),
  );
  return batches.map(({ batch }) => {
    const found = got.get(batch) ?? null;
    got.delete(batch);
    return found;
  });
}

type Text = Omit<Claimed, 'sendBy'> & { personId: number };

/** What is to be sent of each batch: from the roster while that holds, else row by row. */
async function textsOf(
  runtime: Runtime,
  sheets: readonly BatchSheet[],
  asked: ReadonlyMap<number, BatchOf>,
): Promise<ReadonlyMap<number, Text[]>> {
  const texts = new Map<number, Text[]>();
  const changed: { sheet: BatchSheet; keys: DeliveryKey[] }[] = [];
  for (const sheet of sheets) {
    const to = asked.get(sheet.batch)?.to ?? [];
    const fromRoster = await readFromRoster(runtime, sheet, to);
    if (fromRoster !== null) texts.set(sheet.batch, fromRoster);
    else changed.push({ sheet, keys: to.map((one) => ({ messageId: sheet.messageId, ...one })) });
  }
  if (changed.length === 0) return texts;
  const inBatch = new Set(changed.map(({ sheet }) => sheet.batch));
  const wanted = await withoutSkipped(
    runtime,
    changed.flatMap(({ keys }) => keys),
    ({ batch, attempt }) => batch !== null && inBatch.has(batch) && attempt === 0,
  );
  for (const { sheet } of changed)
    texts.set(sheet.batch, wanted.filter(({ batch }) => batch === sheet.batch).map(toSend));
  return texts;
}

/** Null where the roster cannot say it: somebody left or was blocked meanwhile, or it has no such member. */
async function readFromRoster(runtime: Runtime, sheet: BatchSheet, to: BatchOf['to']): Promise<Text[] | null> {
  const { groupId, version, unchanged, from, text, media, cost, numberId } = sheet;
  if (unchanged === 0 || groupId === null || (text === '' && media === null)) return null;
  const members = membersOf(await runtime.rosters.read({ groupId, version }));
  // All of a batch get the same part.
  const { text: words, media: pictures } = toSend({ ...sheet, part: to[0]?.part ?? 0, to: '', personId: 0 });
  const texts: Text[] = [];
  for (const { personId } of to) {
    const member = members.get(personId);
    if (member === undefined) return null;
    texts.push({ personId, from, to: member.phone, text: words, media: pictures, cost, numberId });
  }
  return texts;
}

/** Long texts are rare: nearly always the one part is the text. Media go with the first. */
function toSend({
  personId,
  from,
  to,
  text,
  media,
  part,
  cost,
  numberId,
}: Omit<Text, 'media'> & { part: number; media: string | null }): Text {
  const words = splitDelivered(text)[part] ?? '';
  return { personId, from, to, text: words, media: part === 0 ? readMedia(media) : [], cost, numberId };
}

const known = new WeakMap<Roster, ReadonlyMap<number, Member>>();

function membersOf(roster: Roster): ReadonlyMap<number, Member> {
  const found = known.get(roster);
  if (found !== undefined) return found;
  const members = new Map(roster.members.map((member) => [member.personId, member]));
  known.set(roster, members);
  return members;
}

/** Reads what still waits to be sent, and writes down what is not to be sent any more. */
async function withoutSkipped(
  runtime: Runtime,
  keys: readonly DeliveryKey[],
  isWanted: (sheet: SendSheet) => boolean,
): Promise<SendSheet[]> {
  const now = new Date();
  const sheets = (await readSendSheets(runtime.db, keys)).filter(
    (sheet) => sheet.state === 'queued' && isWanted(sheet),
  );
  const skipped = sheets.filter((sheet) => whySkipped(sheet) !== null);
  for (const sheet of skipped) await markSkipped(runtime.db, { key: sheet, reason: whySkipped(sheet) ?? '', now });
  return sheets.filter((sheet) => whySkipped(sheet) === null);
}

function whySkipped({ blocked, gone, anyway, text, media }: SendSheet): string | null {
  if (blocked === 1 && anyway === 0) return 'blocked';
  if (text === '' && media === null) return 'expired';
  return gone === 1 ? 'gone' : null;
}
