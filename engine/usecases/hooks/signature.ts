import { createHmac, randomBytes } from 'node:crypto';

/** Signed as Standard Webhooks has it (standardwebhooks.com): by each secret that is good, the newest first. */
export function signHook(
  secrets: readonly string[],
  { name, at, body }: { name: string; at: Date; body: string },
): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${name}.${seconds}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': name, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') };
}

/** A new secret, as receivers keep it. */
export function newHookSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

const PREFIX = 'whsec_';
