import { findMedia, keepMedia, type StoredMedia } from '../../../db/messages/media.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { MESSAGE_BYTES, MOST_MEDIA, mediaReference } from '../../rules/media.ts';

/**
 * What a message is to have, in the order of its ids; asks nothing where there are none. Throws BAD_REQUEST with
 * `media_ids` for more than a carrier takes, and for an id that is not of an upload of theirs.
 */
export async function readSentMedia(runtime: Runtime, uploads: Uploads | undefined): Promise<SentMedia> {
  if (uploads === undefined) return NONE;
  const { personId, ids } = uploads;
  if (ids.length > MOST_MEDIA) throw refusal();
  const found = await findMedia(runtime.db, { ids, personId, now: new Date() });
  const byId = new Map(found.map((one) => [one.id, one]));
  const media = ids.map((id): StoredMedia => byId.get(id) ?? refuse());
  if (media.reduce((sum, { bytes }) => sum + bytes, 0) > MESSAGE_BYTES) throw refusal();
  return {
    media: media.map(({ name }) => mediaReference(name)),
    keep: () => keepMedia(runtime.db, ids),
  };
}

/** Who uploaded them, and their ids; left out where there are none. */
export type Uploads = { personId: number; ids: readonly number[] };

export type SentMedia = {
  /** As a message holds them. */
  media: readonly string[];
  /** From now on they stay as long as texts do. Before the message is kept: it never has a picture that is gone. */
  keep(): Promise<void>;
};

const NONE: SentMedia = { media: [], keep: async () => undefined };

function refuse(): never {
  throw refusal();
}

function refusal(): DomainError {
  return new DomainError('BAD_REQUEST', { subtype: 'media_ids' });
}
