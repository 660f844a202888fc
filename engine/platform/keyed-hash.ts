import { createHmac, hkdfSync } from 'node:crypto';

/** The name under which something is counted: a phone, an address. Neither can be found out from it without our secret. */
export function fingerprint(appSecret: string, subject: string): string {
  return keyed(appSecret, 'fingerprint', subject).toString('base64url').slice(0, 22);
}

/** A hash under a key that is derived from APP_SECRET for this purpose. */
export function keyed(appSecret: string, purpose: 'pin' | 'fingerprint', text: string): Buffer {
  return createHmac('sha256', keyFor(appSecret, purpose)).update(text).digest();
}

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
