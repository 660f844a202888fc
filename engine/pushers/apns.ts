import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ApnsSettings } from '../platform/push-settings.ts';
import type { Push } from '../rules/push.ts';
import { NotReached, openHttp2 } from './http2.ts';
import { type Alert, objectIn, type Pusher, type PushVerdict, wordOf } from './pusher.ts';
import { Late } from './timely.ts';

/**
 * Apple’s push service over HTTP/2, with a token signed by the team’s key. Its own client rather than a package: those
 * there are take no plain address, bring a TLS library of their own, and log device tokens.
 * https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 */
export function openApns({ key, keyId, teamId, topic, url }: ApnsSettings): Pusher {
  const http = openHttp2(url);
  const signer = createPrivateKey(key);
  let signed = { token: '', until: 0 };

  /** Apple refuses tokens that are older than an hour, and senders that make new ones all the time. */
  async function bearer(): Promise<string> {
    const now = Date.now();
    if (now >= signed.until) {
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'ES256', kid: keyId })
        .setIssuer(teamId)
        .setIssuedAt()
        .sign(signer);
      signed = { token, until: now + TOKEN_MS };
    }
    return `bearer ${signed.token}`;
  }

  async function send({ token, push, key: id, deadline }: Alert): Promise<{ status: number; reason: string }> {
    const headers = {
      authorization: await bearer(),
      'apns-topic': topic,
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-expiration': String(Math.floor(Date.now() / 1000) + KEPT_SECONDS),
      'apns-collapse-id': id,
      'content-type': 'application/json',
    };
    const path = `/3/device/${encodeURIComponent(token)}`;
    const { status, body } = await http.post({ path, headers, body: JSON.stringify(payloadOf(push)), deadline });
    const reason = wordOf(objectIn(body).reason);
    if (reason === EXPIRED && headers.authorization.endsWith(signed.token)) signed = { token: '', until: 0 };
    return { status, reason };
  }

  return {
    async push(alert) {
      try {
        const answer = await send(alert);
        return verdictOf(answer.reason === EXPIRED ? await send(alert) : answer);
      } catch (error) {
        if (error instanceof Late) return { kind: 'late', reason: error.message };
        if (error instanceof NotReached) return { kind: 'refused', reason: `not reached: ${error.message}` };
        return { kind: 'unsure', reason: `lost ${wordOf((error as { code?: unknown }).code)}`.trim() };
      }
    },
    close: () => http.close(),
  };
}

function verdictOf({ status, reason }: { status: number; reason: string }): PushVerdict {
  if (status === 200) return { kind: 'taken' };
  const isGone = status === 410 || (status === 400 && reason === 'BadDeviceToken');
  return { kind: isGone ? 'gone' : 'refused', reason: `${status} ${reason}`.trim() };
}

/** Our clocks differ, or it was kept too long. */
const EXPIRED = 'ExpiredProviderToken';
const TOKEN_MS = 40 * 60_000;
/** How long Apple keeps an alert for a device that is off. */
const KEPT_SECONDS = 86_400;

function payloadOf({ group, sender, messageId, text, media }: Push): object {
  return {
    aps: { alert: { title: group.name, body: text }, sound: 'default', 'thread-id': group.number },
    group,
    sender,
    message_id: messageId,
    ...(media.length > 0 ? { media } : {}),
  };
}
