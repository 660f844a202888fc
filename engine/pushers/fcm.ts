import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { type Alert, type Pusher, type PushVerdict, wordOf } from './pusher.ts';

/**
 * Google’s push service (FCM, HTTP v1), with an access token that the service account’s key is exchanged for.
 * https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
 */
export function openFcm({ account, url }: { account: ServiceAccount; url: string }): Pusher {
  const signer = createPrivateKey(account.private_key);
  const address = `${url.replace(/\/$/, '')}/v1/projects/${encodeURIComponent(account.project_id)}/messages:send`;
  let access: Access | null = null;

  /** One exchange for all who ask meanwhile; one that failed, or ran out, is made again by whoever asks next. */
  async function accessToken(deadline: number): Promise<string> {
    if (access === null || Date.now() >= access.until)
      access = { token: exchange(deadline), until: Number.POSITIVE_INFINITY };
    const mine = access;
    try {
      const { token, seconds } = await mine.token;
      if (mine.until === Number.POSITIVE_INFINITY) mine.until = Date.now() + seconds * 1000 - SPARE_MS;
      return token;
    } catch (error) {
      if (access === mine) access = null;
      throw error;
    }
  }

  async function exchange(deadline: number): Promise<{ token: string; seconds: number }> {
    const assertion = await new SignJWT({ scope: 'https://www.googleapis.com/auth/firebase.messaging' })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(signer);
    const answer = await fetch(account.token_uri, {
      method: 'POST',
      redirect: 'error',
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
      signal: until(deadline),
    });
    const { access_token: token, expires_in: seconds } = (await answer.json()) as Record<string, unknown>;
    if (typeof token !== 'string')
      throw Object.assign(new Error('no access token'), { code: `TOKEN_${answer.status}` });
    return { token, seconds: Number(seconds) || 0 };
  }

  async function send({ token, push, key, deadline }: Alert): Promise<{ status: number; body: string }> {
    const authorization = `Bearer ${await accessToken(deadline)}`;
    const used = access;
    const answer = await fetch(address, {
      method: 'POST',
      redirect: 'error',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ message: messageOf({ token, push, key }) }),
      signal: until(deadline),
    });
    const body = await answer.text();
    if (answer.status === 401 && access === used) access = null;
    return { status: answer.status, body };
  }

  return {
    async push(alert) {
      try {
        const answer = await send(alert);
        // An access token may be taken back before its time.
        return verdictOf(answer.status === 401 ? await send(alert) : answer);
      } catch (error) {
        if ((error as Error).name === 'TimeoutError') return { kind: 'late', reason: 'no answer in time' };
        const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
        const word = wordOf(code) || wordOf(cause?.code);
        const isAsked = !word.startsWith('TOKEN_') && !notReached.has(word);
        return isAsked
          ? { kind: 'unsure', reason: `lost ${word}`.trim() }
          : { kind: 'refused', reason: `not reached: ${word}` };
      }
    },
    close() {},
  };
}

function verdictOf({ status, body }: { status: number; body: string }): PushVerdict {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const { code, aboutToken } = errorIn(body);
  const isGone = goneCodes.has(code) || (code === 'INVALID_ARGUMENT' && aboutToken);
  return { kind: isGone ? 'gone' : 'refused', reason: `${status} ${code}`.trim() };
}

/** What we use of the file that Google gives out. */
export type ServiceAccount = { project_id: string; client_email: string; private_key: string; token_uri: string };

/** There was no connection to ask through. */
const notReached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

type Access = { token: Promise<{ token: string; seconds: number }>; until: number };

const goneCodes: ReadonlySet<string> = new Set(['UNREGISTERED', 'NOT_FOUND']);

/** A token that is about to expire is not used. */
const SPARE_MS = 60_000;

function until(deadline: number): AbortSignal {
  return AbortSignal.timeout(Math.max(1, deadline - Date.now()));
}

/** Data fields are texts. */
function messageOf({ token, push, key }: Omit<Alert, 'deadline'>): object {
  const { group, sender, messageId, text, media } = push;
  return {
    token,
    notification: { title: group.name, body: text },
    data: {
      group_name: group.name,
      group_number: group.number,
      sender,
      message_id: String(messageId),
      ...(media.length > 0 ? { media: JSON.stringify(media) } : {}),
    },
    android: { priority: 'HIGH', ttl: '86400s', notification: { tag: key } },
  };
}

type Refused = {
  error?: { status?: unknown; details?: { errorCode?: unknown; fieldViolations?: { field?: unknown }[] }[] };
};

/** FCM’s own code where it gives one, else the general one; and whether it says that the token is what is wrong. */
function errorIn(body: string): { code: string; aboutToken: boolean } {
  try {
    const { error } = JSON.parse(body) as Refused;
    const details = error?.details ?? [];
    const own = details.map(({ errorCode }) => wordOf(errorCode)).find((code) => code !== '');
    const fields = details.flatMap(({ fieldViolations }) => fieldViolations ?? []).map(({ field }) => field);
    return { code: own ?? wordOf(error?.status), aboutToken: fields.includes('message.token') };
  } catch {
    return { code: '', aboutToken: false };
  }
}
