import { randomUUID } from 'node:crypto';
import type { WebhookProbe } from '../carrier.ts';
import { signV3 } from './signature.ts';

/** A report with a status that nobody has, which is taken and ignored. */
export function probeOf(url: string, authToken: string): WebhookProbe {
  const fields = { MessageUUID: randomUUID(), Status: 'self-test' };
  const nonce = randomUUID();
  const signature = signV3({ method: 'POST', url, fields, nonce, authToken });
  const headers = { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce };
  return { headers, body: new URLSearchParams(fields) };
}
