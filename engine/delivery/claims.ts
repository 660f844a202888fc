import { randomBytes } from 'node:crypto';
import {
  type BatchKey,
  type BatchSheet,
  batchName,
  claimBatches,
  readBatchSheets,
} from '../../db/deliveries/batches.ts';
import { claimDeliveries, markSkipped, readSendSheets, type SendSheet } from '../../db/deliveries/claims.ts';
import { type DeliveryKey, nameOf } from '../../db/deliveries/delivery-keys.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { batched } from '../platform/batch.ts';
import type { TryOf } from '../platform/queues.ts';
import type { Runtime } from '../platform/runtime.ts';
import { splitDelivered } from '../rules/text.ts';
import { CLAIM_GRACE_MS } from './progress.ts';

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
  const asked = new Map(batches.map((of) => [batchName(of), of]));
  const sheets = await readBatchSheets(runtime.db, batches);
  const texts = await textsOf(runtime, sheets, asked);
  // Last, so that nothing can fail between the claim and the sending.
  const mine = sheets.length === 0 ? [] : await claimBatches(runtime.db, { batches: sheets, claim, dueAt });
  const got = new Map(
    mine.map((sheet) => [
      batchName(sheet),
      new Map(texts.get(sheet)?.map((text) => [text.personId, { ...text, sendBy }])),
    ]),
  );
  return batches.map((of) => {
    const found = got.get(batchName(of)) ?? null;
    got.delete(batchName(of));
    return found;
  });
}

type Text = Omit<Claimed, 'sendBy'> & { personId: number };

/** What is to be sent of each batch: from the roster while that holds, else row by row. */
async function textsOf(
  runtime: Runtime,
  sheets: readonly BatchSheet[],
  asked: ReadonlyMap<string, BatchOf>,
): Promise<ReadonlyMap<BatchSheet, Text[]>> {
  const texts = new Map<BatchSheet, Text[]>();
  const changed = new Map<string, BatchSheet>();
  for (const sheet of sheets) {
    const fromRoster = await readFromRoster(runtime, sheet, asked.get(batchName(sheet))?.to ?? []);
    if (fromRoster === null) changed.set(batchName(sheet), sheet);
    texts.set(sheet, fromRoster ?? []);
  }
  if (changed.size === 0) return texts;
  const keys = [...changed].flatMap(([name, { messageId }]) =>
    (asked.get(name)?.to ?? []).map((one) => ({ messageId, ...one })),
  );
  const wanted = await withoutSkipped(runtime, keys, (one) => one.attempt === 0 && changed.has(batchName(one)));
  for (const one of wanted) {
    const sheet = changed.get(batchName(one));
    if (sheet !== undefined) texts.get(sheet)?.push(toSend(one));
  }
  return texts;
}

/** Null where the roster cannot say it: somebody left or was blocked meanwhile, or it has no such member. */
async function readFromRoster(runtime: Runtime, sheet: BatchSheet, to: BatchOf['to']): Promise<Text[] | null> {
  const { groupId, version, unchanged, text, media, cost, numberId } = sheet;
  if (unchanged === 0 || groupId === null || (text === '' && media === null)) return null;
  const members = await runtime.rosters.readByPerson({ groupId, version });
  // All of a batch get the same part.
  const words = wordsOf({ text, media, part: to[0]?.part ?? 0 });
  const texts: Text[] = [];
  for (const { personId } of to) {
    const member = members.get(personId);
    if (member === undefined || member.numberId !== numberId) return null;
    texts.push({ personId, from: member.number, to: member.phone, ...words, cost, numberId });
  }
  return texts;
}

function toSend({ personId, from, to, cost, numberId, ...said }: SendSheet): Text {
  return { personId, from, to, ...wordsOf(said), cost, numberId };
}

/** Long texts are rare: nearly always the one part is the text. Media go with the first. */
function wordsOf({ text, media, part }: Pick<SendSheet, 'text' | 'media' | 'part'>): Pick<Text, 'text' | 'media'> {
  return { text: splitDelivered(text)[part] ?? '', media: part === 0 ? readMedia(media) : [] };
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
