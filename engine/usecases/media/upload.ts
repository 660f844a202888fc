import { randomBytes } from 'node:crypto';
import { countUnsentMedia, insertMedia } from '../../../db/messages/media.ts';
import type { Session } from '../../people/sessions.ts';
import { DomainError } from '../../platform/errors.ts';
import { mediaAddress } from '../../platform/media-addresses.ts';
import { openMediaStore } from '../../platform/open-media-store.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { kindOfMedia, MEDIA_BYTES } from '../../rules/media.ts';

/**
 * Stores what a member is about to send. Throws BAD_REQUEST with `content` for what is too large or of no kind that is
 * taken, and UNAVAILABLE where there is no store, or too much of theirs waits to be sent.
 */
export async function uploadMedia(
  runtime: Runtime,
  { personId }: Session,
  bytes: Buffer,
): Promise<{ id: number; type: string; address: string }> {
  const kind = bytes.length > MEDIA_BYTES ? null : kindOfMedia(bytes);
  if (kind === null) throw new DomainError('BAD_REQUEST', { subtype: 'content' });
  const { store } = runtime.use(openMediaStore);
  if (store === null) throw new DomainError('UNAVAILABLE', { subtype: 'media', retryAfter: NO_STORE_SECONDS });
  const now = new Date();
  if ((await countUnsentMedia(runtime.db, { personId, now })) >= MOST_UNSENT)
    throw new DomainError('UNAVAILABLE', { subtype: 'media', retryAfter: FULL_SECONDS });
  const name = `${randomBytes(16).toString('base64url')}.${kind.ending}`;
  const deleteAt = new Date(now.getTime() + UNSENT_MS);
  const id = await insertMedia(runtime.db, { personId, name, bytes: bytes.length, deleteAt, now });
  await store.put(name, bytes).catch((cause: unknown) => {
    runtime.log.error({ err: cause }, 'the store of media did not take an upload');
    throw new DomainError('UNAVAILABLE', { subtype: 'media', retryAfter: FAILED_SECONDS, cause });
  });
  return { id, type: kind.type, address: mediaAddress(runtime.config, name) };
}

/** 100 MB at most a person, for a day. */
const MOST_UNSENT = 50;
const UNSENT_MS = 86_400_000;
const FULL_SECONDS = 3_600;
const NO_STORE_SECONDS = 3_600;
const FAILED_SECONDS = 5;
