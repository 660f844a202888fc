import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ServiceAccount } from '../platform/push-settings.ts';
import { singleFlight } from '../platform/single-flight.ts';
import { objectIn } from './pusher.ts';
import type { Timely } from './timely.ts';

/** Access tokens that a service account's key is exchanged for; one is used until it runs out or is not taken. */
export type Access = {
  /** One exchange for all who ask meanwhile; one that failed is made again for the next who asks. */
  token(deadline: number): Promise<string>;
  /** The service did not take it. */
  drop(token: string): void;
};

export function openAccess(http: Timely, account: ServiceAccount): Access {
  const signer = createPrivateKey(account.private_key);
  let granted: Granted | null = null;

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

  const exchangeOnce = singleFlight(exchange);
  return {
    async token(deadline) {
      if (granted === null || Date.now() >= granted.until) granted = await exchangeOnce(deadline);
      return granted.token;
    },
    drop(token) {
      if (granted?.token === token) granted = null;
    },
  };
}

/** The exchange was refused: nothing was asked of the push service. */
export class NoAccess extends Error {
  override name = 'NoAccess';
}

/** `until` in epoch milliseconds. */
type Granted = { token: string; until: number };

/** A token that is about to run out is not used. */
const SPARE_MS = 60_000;
