import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** The name under which something is counted: a phone, an address. Neither can be found out from it without our secret. */
export function fingerprint(appSecret: string, subject: string): string {
  return keyed(appSecret, 'fingerprint', subject).toString('base64url').slice(0, 22);
}

/** A hash under a key that is derived from APP_SECRET for this purpose. */
export function keyed(
  appSecret: string,
  purpose: 'pin' | 'fingerprint' | 'phone' | 'form' | 'media',
  text: string,
): Buffer {
  return createHmac('sha256', keyFor(appSecret, purpose)).update(text).digest();
}

/** A short text that only who has our secret reads again. */
export function seal(appSecret: string, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyFor(appSecret, 'seal'), nonce);
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), hidden]);
}

/** Null where it was sealed under another secret. */
export function unseal(appSecret: string, sealed: Buffer): string | null {
  try {
    const cipher = createDecipheriv(CIPHER, keyFor(appSecret, 'seal'), sealed.subarray(0, NONCE_BYTES));
    cipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([cipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), cipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Derived once for each purpose; a process has one secret. */
function keyFor(appSecret: string, purpose: string): Buffer {
  const name = `${purpose}\0${appSecret}`;
  let key = keys.get(name);
  if (key === undefined) {
    key = Buffer.from(hkdfSync('sha256', appSecret, '', `group-texting ${purpose}`, 32));
    keys.set(name, key);
  }
  return key;
}

const keys = new Map<string, Buffer>();
