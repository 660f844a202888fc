import type { Tx } from '../../db/connect.ts';
import { readGroup } from '../../db/groups/groups.ts';
import { extendMute, insertBundles, moveOwed, renameOwed } from '../../db/messages/bundles.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { type Due, lockDue, readOwedTo, readSaid, type SaidLine } from '../../db/messages/owed.ts';
import { holdPrices } from '../billing/holds.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type Bundle, bundle } from '../rules/bundles.ts';
import { type Language, languageOf, speakIn } from '../rules/languages/index.ts';
import { priceOf } from '../rules/price.ts';

export type Telling = {
  groupId: number;
  version: number;
  tag: number;
  state: string;
  payerId: number | null;
  now: Date;
};

/**
 * Makes the texts of some members of a group who are due, under its lock: so their rows come before those of whatever is said
 * next. What was owed for longer than a page holds is left owed, and due. Returns the rows, and how many members were due.
 */
export async function tellSome(
  runtime: Runtime,
  tx: Tx,
  telling: Telling,
): Promise<{ ids: number[]; members: number }> {
  const { groupId, version, tag, payerId, now } = telling;
  const due = await lockDue(tx, { groupId, now, limit: MEMBERS_A_PAGE });
  if (due.length === 0) return { ids: [], members: 0 };
  const said = await readSaid(tx, { groupId, from: Math.min(...due.map((one) => one.firstId)), limit: LINES_A_PAGE });
  const lines = new Map(said.map((line) => [line.id, line]));
  const ofPerson = new Map<number, SaidLine[]>(due.map(({ personId }) => [personId, []]));
  const owed = { personIds: [...ofPerson.keys()], messageIds: [...lines.keys()] };
  for (const { messageId, personId } of await readOwedTo(tx, owed)) {
    const line = lines.get(messageId);
    if (line !== undefined) ofPerson.get(personId)?.push(line);
  }
  const group = await readGroup(tx, groupId);
  const bundlesOf = openComposer(group?.name ?? '');
  const last = said.length < LINES_A_PAGE ? null : (said.at(-1)?.id ?? null);
  const told: { member: Due; mine: readonly SaidLine[]; bundles: readonly Bundle[] }[] = [];
  for (const member of due) {
    const mine = (ofPerson.get(member.personId) ?? []).filter(({ id }) => id >= member.firstId);
    if (await isOver(tx, telling, { member, mine })) continue;
    // What was emptied meanwhile is nobody’s to read any more.
    const kept = mine.filter(({ text, media }) => text !== '' || media !== null);
    const language = languageOf({ own: member.language, group: group?.language ?? null });
    told.push({ member, mine, bundles: bundlesOf(kept, language) });
  }
  const written = await paidFor(runtime, tx, { payerId, told });
  const texts = written.flatMap(({ member, bundles }) =>
    bundles.map((one) => ({
      toId: member.membershipId,
      text: one.text,
      media: one.media,
      held: payerId === null ? null : costOf(runtime, one),
    })),
  );
  const emptyAt = new Date(now.getTime() + KEPT_MS);
  const ids = await insertBundles(tx, { groupId, version, tag, payerId, bundles: texts, emptyAt, now });
  const lastIds = new Map(texts.map(({ toId }, at) => [toId, ids[at] ?? null]));
  await moveOwed(
    tx,
    due.map(({ membershipId }) => ({
      ...{ membershipId, groupId },
      firstId: last === null ? null : last + 1,
      dueAt: last === null ? null : now,
      lastId: lastIds.get(membershipId) ?? null,
    })),
  );
  return { ids, members: due.length };
}

const MEMBERS_A_PAGE = 50;
/** So many messages are read at once. */
const LINES_A_PAGE = 100;
/** No try is left after a day. */
const KEPT_MS = 2 * 86_400_000;

/** Those whose texts the account can pay for, as for messages; of what is not paid each delivery says so. */
async function paidFor<T extends { member: Due; mine: readonly SaidLine[]; bundles: readonly Bundle[] }>(
  runtime: Runtime,
  tx: Tx,
  { payerId, told }: { payerId: number | null; told: readonly T[] },
): Promise<T[]> {
  const prices = told.map(({ bundles }) => bundles.reduce((sum, one) => sum + costOf(runtime, one), 0));
  const accepted = await holdPrices(
    tx,
    prices.map((price) => ({ payerId, price: payerId === null ? 0 : price })),
  );
  for (const [at, { member, mine }] of told.entries())
    if (!accepted[at])
      await renameOwed(tx, { personId: member.personId, messageIds: mine.map(({ id }) => id), reason: 'suspended' });
  return told.filter((_, at) => accepted[at]);
}

/** Who is not there any more gets nothing; what a mute holds back is told when it ends. */
async function isOver(
  tx: Tx,
  { state }: Telling,
  { member, mine }: { member: Due; mine: readonly SaidLine[] },
): Promise<boolean> {
  const { personId, membershipId } = member;
  const messageIds = mine.map(({ id }) => id);
  if (member.present !== 1 || state !== 'active') {
    await renameOwed(tx, { personId, messageIds, reason: 'gone' });
    return true;
  }
  const [first] = mine;
  if (member.muted !== 1 || first === undefined) return mine.length === 0;
  await renameOwed(tx, { personId, messageIds, reason: 'muted' });
  await extendMute(tx, { membershipId, messageId: first.messageId });
  return true;
}

/** Those who only read are owed the same, and it is put together once in each language. */
function openComposer(group: string): (lines: readonly SaidLine[], language: Language) => readonly Bundle[] {
  const known = new Map<string, readonly Bundle[]>();
  return (lines, language) => {
    const name = [language, ...lines.map(({ id }) => id)].join(' ');
    const bundles = known.get(name) ?? speakIn(language, () => bundle(group, lines.map(toLine)));
    known.set(name, bundles);
    return bundles;
  };
}

function toLine({ id, text, media, toId }: SaidLine) {
  return { id, text, media, isAlone: toId !== null || media !== null };
}

function costOf({ config }: Runtime, { text, media }: Bundle): number {
  return priceOf({
    text,
    media: readMedia(media),
    pricePerSegment: config.PRICE_PER_SEGMENT,
    pricePerMms: config.PRICE_PER_MMS,
  }).cost;
}
