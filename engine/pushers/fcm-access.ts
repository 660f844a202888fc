import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ServiceAccount } from '../platform/push-settings.ts';
import { objectIn } from './pusher.ts';
import type { Timely } from './timely.ts';

/** Access tokens that a service account's key is exchanged for; one is used until it runs out or is not taken. */
export type Access = {
  /** One exchange for all who ask meanwhile; one that failed is made again by whoever asks next. */
  token(deadline: number): Promise<string>;
  /** The service did not take it. */
  forget(token: string): void;
};

export function openAccess(http: Timely, account: ServiceAccount): Access {
  const signer = createPrivateKey(account.private_key);
  let current: Current | null = null;

  async function exchange(deadline: number): Promise<Granted> {
    const assertion = await new SignJWT({ scope: 'https://www.googleapis.com/auth/firebase.messaging' })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(signer);
    const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    const { status, body } = await http.post({
      url: account.token_uri,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      deadline,
    });
    const { access_token: token, expires_in: seconds } = objectIn(body);
    if (typeof token !== 'string') throw new NoAccess(`access token ${status}`);
    return { token, until: Date.now() + (Number(seconds) || 0) * 1000 - SPARE_MS };
  }

  return {
    async token(deadline) {
      if (current === null || Date.now() >= (current.granted?.until ?? Number.POSITIVE_INFINITY))
        current = { asked: exchange(deadline), granted: null };
      const mine = current;
      try {
        mine.granted = await mine.asked;
        return mine.granted.token;
      } catch (error) {
        if (current === mine) current = null;
        throw error;
      }
    },
    forget(token) {
      if (current?.granted?.token === token) current = null;
    },
  };
}

/** The exchange was refused: nothing was asked of the push service. */
export class NoAccess extends Error {
  override name = 'NoAccess';
}

/** `until` in epoch milliseconds. */
type Granted = { token: string; until: number };
type Current = { asked: Promise<Granted>; granted: Granted | null };

/** A token that is about to run out is not used. */
const SPARE_MS = 60_000;
