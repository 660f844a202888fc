import { timingSafeEqual } from 'node:crypto';
import { nameInReference } from '../rules/media.ts';
import type { Config } from './config.ts';
import { keyed } from './keyed-hash.ts';
import { publicUrlOf } from './webhook-urls.ts';

export const MEDIA_URL = '/v1/media';

/**
 * The addresses under which carriers and apps get media: those in our store by an address that is signed and ends, the
 * carrier’s by its own.
 */
export function mediaAddresses(config: Signer, media: readonly string[], nowMs = Date.now()): string[] {
  return media.map((one) => {
    const name = nameInReference(one);
    return name === null ? one : mediaAddress(config, name, nowMs);
  });
}

/** The same all day, so that a reader who asks again need not fetch again. */
export function mediaAddress(config: Signer, name: string, nowMs = Date.now()): string {
  const until = (Math.ceil(nowMs / DAY_MS) + DAYS) * (DAY_MS / 1_000);
  const path = `${MEDIA_URL}/${name}?until=${until}&signature=${sign(config, name, String(until))}`;
  return publicUrlOf(config.PUBLIC_URL, path);
}

/** Whether an address was signed by us and has not ended. */
export function isSigned(config: Signer, { name, until, signature }: Asked, nowMs = Date.now()): boolean {
  if (!/^\d{1,12}$/.test(until) || Number(until) * 1_000 < nowMs) return false;
  const [sent, ours] = [Buffer.from(signature), Buffer.from(sign(config, name, until))];
  return sent.length === ours.length && timingSafeEqual(sent, ours);
}

type Signer = Pick<Config, 'PUBLIC_URL' | 'APP_SECRET'>;
export type Asked = { name: string; until: string; signature: string };

function sign({ APP_SECRET }: Signer, name: string, until: string): string {
  return keyed(APP_SECRET, 'media', `${name}\n${until}`).toString('base64url');
}

const DAY_MS = 86_400_000;
/** Longer than carriers try to send a text (1 day) and than webhooks of apps are tried (3 days). */
const DAYS = 3;
