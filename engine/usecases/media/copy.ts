import { randomBytes } from 'node:crypto';
import { transact } from '../../../db/connect.ts';
import { deleteMedia, insertMedia } from '../../../db/messages/media.ts';
import {
  type DueCopy,
  dropCopy,
  findDueCopies,
  postponeCopy,
  putCopy,
  takeCopy,
} from '../../../db/messages/media-copies.ts';
import { type CopyEnd, countEvents } from '../../platform/events.ts';
import { openGuardedGet } from '../../platform/guarded-get.ts';
import type { MediaStore } from '../../platform/media-store.ts';
import { openMediaStore } from '../../platform/open-media-store.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { INBOUND_BYTES, kindOfMedia, type MediaKind, mediaReference, nameInReference } from '../../rules/media.ts';
import { backoffMs, MAX_AGE_MS } from '../../rules/status.ts';

/**
 * Copies media of inbound MMS from the carrier, whose addresses are open to everybody and end, into our store. Until then a
 * message has the carrier's address, and goes out with it. Any number of clocks may do so at once; where one dies, another goes
 * on in a minute. Returns how many were due.
 */
export async function copyMedia(runtime: Runtime): Promise<number> {
  const { store } = runtime.use(openMediaStore);
  if (store === null) return 0;
  const due = await findDueCopies(runtime.db, PAGE);
  const waiting = [...due];
  async function work(store: MediaStore): Promise<void> {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await copyOne(runtime, store, one);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(store)));
  return due.length;
}

const PAGE = 50;
/** A clock has four connections to MySQL, and each copy wants one for a moment only. */
const AT_ONCE = 4;
/** Longer than a fetch and a store may take. */
const TAKEN_SECONDS = 60;
/** With what follows within the time that a process has to stop. */
const FETCH_MS = 6_000;
/** Of a copy that its process did not live to tell of. */
const UNTOLD_MS = 3_600_000;

async function copyOne(runtime: Runtime, store: MediaStore, copy: DueCopy): Promise<void> {
  const { db, log } = runtime;
  const { media: from, personId, messageId, place, tries } = copy;
  // Its contents were deleted, or it was copied already.
  if (from === null || personId === null || nameInReference(from) !== null) return dropCopy(db, copy);
  if (!(await takeCopy(db, { ...copy, seconds: TAKEN_SECONDS }))) return;
  const ids = { message: messageId, place };
  try {
    const fetched = await fetchMedia(runtime, from);
    if (typeof fetched === 'string') {
      await dropCopy(db, copy);
      log.warn({ ...ids, why: fetched }, 'a picture of an MMS could not be copied; it stays at the carrier');
      return end(runtime, fetched);
    }
    await keep(runtime, store, { ...copy, from, personId, ...fetched });
  } catch (err) {
    if (Date.now() - copy.acceptedAt.getTime() > MAX_AGE_MS) {
      await dropCopy(db, copy);
      log.warn({ ...ids, err }, 'a picture of an MMS was not copied in a day of tries; it stays at the carrier');
      return end(runtime, 'lost');
    }
    await postponeCopy(db, copy, backoffMs(tries + 1, Math.random()) / 1_000);
    log.info({ ...ids, err }, 'a picture of an MMS was not copied; it is tried again');
  }
}

type Fetched = { bytes: Buffer; kind: MediaKind };

/** Why there is none to be had, ever; throws where a later try may have it. */
async function fetchMedia(runtime: Runtime, address: string): Promise<Fetched | 'gone' | 'refused'> {
  if (!URL.canParse(address)) return 'refused';
  const carriers = [...runtime.carriers.all.values()];
  const wanted = {
    ...{ mostBytes: INBOUND_BYTES, timeoutMs: FETCH_MS },
    isKnown: (url: URL) => carriers.some(({ media }) => media.isAtApi(url)),
    authorization: (url: URL) =>
      carriers.map(({ media }) => media.authorization(url)).find((one) => one !== null) ?? null,
  };
  const asked = runtime.use(openGuardedGet).get(address, wanted);
  const answer = await asked.catch((error: NodeJS.ErrnoException) => {
    if (REFUSALS.has(codeOf(error))) return null;
    throw error;
  });
  if (answer === null) return 'refused';
  if (answer.status === 404 || answer.status === 410) return 'gone';
  if (answer.status !== 200) throw new Error(`the carrier answered ${answer.status}`);
  const kind = kindOfMedia(answer.bytes);
  return kind === null ? 'refused' : { bytes: answer.bytes, kind };
}

/** None of them is another at another time. */
const REFUSALS: ReadonlySet<string> = new Set(['PRIVATE', 'NOT_HTTPS', 'TOO_LARGE', 'REDIRECTS']);

/** A name that cannot be looked up is the cause of another error. */
function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? (error.cause as NodeJS.ErrnoException | undefined)?.code ?? '';
}

/** The row first, so that whatever is in the store has one by which it is deleted; and a copy goes with the texts of its day. */
async function keep(
  runtime: Runtime,
  store: MediaStore,
  { bytes, kind, from, personId, acceptedAt, ...key }: DueCopy & Fetched & { from: string; personId: number },
): Promise<void> {
  const { db } = runtime;
  const name = `${randomBytes(16).toString('base64url')}.${kind.ending}`;
  const deleteAt = new Date(Date.now() + UNTOLD_MS);
  const mediaId = await insertMedia(db, { personId, name, bytes: bytes.length, deleteAt, now: acceptedAt });
  await store.put(name, bytes);
  if (await transact(db, (tx) => putCopy(tx, { ...key, from, to: mediaReference(name), mediaId })))
    return end(runtime, 'copied');
  await store.remove(name);
  await deleteMedia(db, [mediaId]);
}

function end(runtime: Runtime, what: CopyEnd): void {
  countEvents(runtime, { [`copy:${what}`]: 1 });
}
