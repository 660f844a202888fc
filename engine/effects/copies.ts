import type { Tx } from '../../db/connect.ts';
import { insertMediaCopies } from '../../db/messages/media-copies.ts';
import { openMediaStore } from '../platform/open-media-store.ts';
import type { Runtime } from '../platform/runtime.ts';
import { nameInReference } from '../rules/media.ts';

/**
 * Has what a carrier keeps of these messages copied into our store, where there is one. `ids`: their rows, in the same
 * order. Texts without media ask nothing.
 */
export async function keepCopies(
  runtime: Runtime,
  tx: Tx,
  { messages, ids }: { messages: readonly { media: readonly string[] }[]; ids: readonly number[] },
): Promise<void> {
  const copies = messages.flatMap(({ media }, at) =>
    media.flatMap((one, place) => {
      const messageId = ids[at];
      return messageId === undefined || nameInReference(one) !== null ? [] : [{ messageId, place }];
    }),
  );
  if (copies.length > 0 && runtime.use(openMediaStore).store !== null) await insertMediaCopies(tx, copies);
}
