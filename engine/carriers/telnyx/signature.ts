import { createPublicKey, verify } from 'node:crypto';
import type { Webhook } from '../carrier.ts';

export const signatureHeaders: readonly string[] = ['telnyx-signature-ed25519', 'telnyx-timestamp'];

/**
 * Tells whether Telnyx signed a webhook: Ed25519 over `TIMESTAMP|BODY`, the body as it came, byte by byte. The address
 * is not signed, so nothing may be drawn from it. A signature older or newer than five minutes does not count.
 * Source: https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks, and the verification of the SDKs.
 */
export function openSignatures(publicKey: string): (webhook: Webhook) => boolean {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return ({ method, headers, body }) => {
    const { 'telnyx-signature-ed25519': signature, 'telnyx-timestamp': timestamp } = headers;
    if (method !== 'POST' || typeof signature !== 'string' || typeof timestamp !== 'string') return false;
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS)
      return false;
    const bytes = Buffer.from(signature, 'base64');
    if (bytes.length !== SIGNATURE_BYTES) return false;
    return verify(null, Buffer.concat([Buffer.from(`${timestamp}|`), body]), key, bytes);
  };
}

const TOLERANCE_SECONDS = 300;
const SIGNATURE_BYTES = 64;
