import { randomBytes } from 'node:crypto';
import type { Config } from '../../platform/config.ts';
import { mediaAddress } from '../../platform/media-addresses.ts';
import type { MediaStore } from '../../platform/media-store.ts';
import { openMediaStore } from '../../platform/open-media-store.ts';
import { type Finding, type Found, fault } from './finding.ts';

/**
 * The store of pictures, where one is set: whether it takes, gives back and deletes one, and whether `web` finds it there. It
 * leaves nothing behind.
 */
export async function examineMedia(config: Config): Promise<Finding[]> {
  const { store } = openMediaStore({ config });
  if (store === null) return [];
  const name = `${randomBytes(16).toString('base64url')}.gif`;
  try {
    return [{ check: 'media', ...(await examine(config, store, name)) }];
  } finally {
    await store.remove(name).catch(() => undefined);
  }
}

async function examine(config: Config, store: MediaStore, name: string): Promise<Found> {
  const where = config.MEDIA_S3_URL === '' ? 'MEDIA_FOLDER' : 'MEDIA_S3_URL';
  try {
    await store.put(name, PROBE);
  } catch (error) {
    return fault(
      `the store of pictures cannot be written (${whyOf(error)})`,
      `${MEND[where]}; none are taken until then`,
    );
  }
  try {
    if (!(await store.get(name))?.equals(PROBE))
      return fault('the store of pictures gives back something else', MEND[where]);
  } catch (error) {
    return fault(`the store of pictures cannot be read (${whyOf(error)})`, MEND[where]);
  }
  const atWeb = await readAtWeb(mediaAddress(config, name));
  if (atWeb === 404)
    return fault(
      'web does not find what is in the store of pictures',
      `give web, clock and this command the same ${where}, APP_SECRET and PUBLIC_URL`,
    );
  try {
    await store.remove(name);
  } catch (error) {
    return fault(`the store of pictures deletes nothing (${whyOf(error)})`, MEND[where]);
  }
  return { state: 'ok', says: `pictures are kept in ${where}${atWeb === 200 ? ', and web finds them there' : ''}` };
}

/** The smallest picture. */
const PROBE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==', 'base64');

const MEND = {
  MEDIA_FOLDER: 'make the folder one that the user of web and clock may write',
  MEDIA_S3_URL: 'correct its address, key and secret, and let the key put, get and delete objects of the bucket',
} as const;

/** Null where it does not answer: that is for another check. */
async function readAtWeb(address: string): Promise<number | null> {
  try {
    const answer = await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(WAIT_MS) });
    return answer.status;
  } catch {
    return null;
  }
}
const WAIT_MS = 5_000;

/** A code of the file system, or what our own store says; never an address, which holds a secret. */
function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : /^the store of media/.test(message) ? message : 'it does not answer';
}
