import type { ServiceAccount } from '../platform/push-settings.ts';
import { type Access, NoAccess, openAccess } from './fcm-access.ts';
import { type Alert, objectIn, type Pusher, type PushVerdict, wordOf } from './pusher.ts';
import { Late, openTimely, type Timely } from './timely.ts';

/**
 * Google’s push service (FCM, HTTP v1), with an access token that the service account’s key is exchanged for.
 * https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
 */
export function openFcm({ account, url }: { account: ServiceAccount; url: string }): Pusher {
  const http = openTimely();
  const access = openAccess(http, account);
  const address = `${url.replace(/\/$/, '')}/v1/projects/${encodeURIComponent(account.project_id)}/messages:send`;
  return {
    async push(alert) {
      try {
        const answer = await send({ http, access, address, alert });
        // An access token may be taken back before its time.
        return verdictOf(answer.status === 401 ? await send({ http, access, address, alert }) : answer);
      } catch (error) {
        return verdictOn(error);
      }
    },
    close: () => http.close(),
  };
}

type Sending = { http: Timely; access: Access; address: string; alert: Alert };

async function send({ http, access, address, alert }: Sending): Promise<{ status: number; body: string }> {
  const token = await access.token(alert.deadline);
  const answer = await http.post({
    url: address,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: messageOf(alert) }),
    deadline: alert.deadline,
  });
  if (answer.status === 401) access.drop(token);
  return answer;
}

function verdictOf({ status, body }: { status: number; body: string }): PushVerdict {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const { code, aboutToken } = errorIn(body);
  const isGone = goneCodes.has(code) || (code === 'INVALID_ARGUMENT' && aboutToken);
  return { kind: isGone ? 'gone' : 'refused', reason: `${status} ${code}`.trim() };
}

function verdictOn(error: unknown): PushVerdict {
  if (error instanceof Late) return { kind: 'late', reason: error.message };
  if (error instanceof NoAccess) return { kind: 'refused', reason: error.message };
  const word = wordOf((error as { code?: unknown }).code);
  if (notReached.has(word)) return { kind: 'refused', reason: `not reached: ${word}` };
  return { kind: 'unsure', reason: `lost ${word}`.trim() };
}

const goneCodes: ReadonlySet<string> = new Set(['UNREGISTERED', 'NOT_FOUND']);

/** There was no connection to ask through. */
const notReached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Data fields are texts. */
function messageOf({ token, push, key }: Alert): object {
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
  const error = (objectIn(body) as Refused).error;
  const details = error?.details ?? [];
  const own = details.map(({ errorCode }) => wordOf(errorCode)).find((code) => code !== '');
  const fields = details.flatMap(({ fieldViolations }) => fieldViolations ?? []).map(({ field }) => field);
  return { code: own ?? wordOf(error?.status), aboutToken: fields.includes('message.token') };
}
