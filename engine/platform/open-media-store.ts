import { openMediaBucket } from './media-bucket.ts';
import { openMediaFolder } from './media-folder.ts';
import type { MediaStore } from './media-store.ts';
import type { Runtime } from './runtime.ts';

/** For `runtime.use`; null where the settings name none. */
export function openMediaStore({ config }: Pick<Runtime, 'config'>): { store: MediaStore | null } {
  if (config.MEDIA_S3_URL !== '') return { store: openMediaBucket(config.MEDIA_S3_URL) };
  return { store: config.MEDIA_FOLDER === '' ? null : openMediaFolder(config.MEDIA_FOLDER) };
}
