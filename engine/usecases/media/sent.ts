import type { Tx } from '../../../db/connect.ts';
import { findKeptNames, findMedia, keepMedia, keepMediaFor, type StoredMedia } from '../../../db/messages/media.ts';
import { DomainError } from '../../platform/errors.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { MESSAGE_BYTES, MOST_MEDIA, mediaReference, nameInReference } from '../../rules/media.ts';

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
    keepFor: (tx, at) => keepMediaFor(tx, ids, at),
  };
}

/** Who uploaded them, and their ids; left out where there are none. */
export type Uploads = { personId: number; ids: readonly number[] };

export type SentMedia = {
  /** As a message holds them. */
  media: readonly string[];
  /** From now on they stay as long as texts do. Before the message is kept: it never has a picture that is gone. */
  keep(): Promise<void>;
  /** The same for a message that is sent at that time. */
  keepFor(tx: Tx, at: Date): Promise<void>;
};

/** Of what was to be sent, that which is there when its time has come: who uploaded it may have been forgotten. */
export async function stillKept(runtime: Runtime, media: readonly string[]): Promise<readonly string[]> {
  const names = media.flatMap((one) => nameInReference(one) ?? []);
  if (names.length === 0) return media;
  const kept = await findKeptNames(runtime.db, names);
  return media.filter((one) => kept.has(nameInReference(one) ?? ''));
}

const NONE: SentMedia = { media: [], keep: async () => undefined, keepFor: async () => undefined };

function refuse(): never {
  throw refusal();
}

function refusal(): DomainError {
  return new DomainError('BAD_REQUEST', { subtype: 'media_ids' });
}
