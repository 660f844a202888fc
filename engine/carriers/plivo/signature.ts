import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { parse as parseQuery } from 'node:querystring';
import type { Webhook } from '../carrier.ts';
import type { Fields } from './form.ts';

/**
 * True when the webhook carries a signature made with our token. Never throws; compares in constant time.
 *
 * Plivo signs each webhook twice with V3: `X-Plivo-Signature-V3` with the token of the account or subaccount that
 * owns the number, `X-Plivo-Signature-Ma-V3` with the main account's. Which of the two tokens ours is depends on the
 * installation, and nobody else holds either, so a match of one of them is enough. While a token is being rotated a
 * header holds several signatures, separated by commas.
 *
 * V2 signs the address and the nonce but not the form: somebody who has seen one webhook can make others. It counts only
 * with `acceptV2`, and then also beside a V3 that does not match: leaving the V3 headers out would be as easy.
 */
export function isSigned(webhook: SignedWebhook, { authToken, acceptV2 }: SignatureSettings): boolean {
  const { headers, method, url, fields } = webhook;
  if (authToken === '' || (method !== 'GET' && method !== 'POST') || !isForm(fields)) return false;

  const nonce = headers['x-plivo-signature-v3-nonce'];
  const v3 = [...signaturesIn(headers['x-plivo-signature-v3']), ...signaturesIn(headers['x-plivo-signature-ma-v3'])];
  if (isNonce(nonce) && v3.length > 0) {
    if (isAmong(v3, signV3({ method, url, fields, nonce, authToken }))) return true;
  }
  if (!acceptV2) return false;

  const nonceV2 = headers['x-plivo-signature-v2-nonce'];
  const v2 = [...signaturesIn(headers['x-plivo-signature-v2']), ...signaturesIn(headers['x-plivo-signature-ma-v2'])];
  return isNonce(nonceV2) && v2.length > 0 && isAmong(v2, signV2({ url, nonce: nonceV2, authToken }));
}

/** Returns false for a webhook without any of Plivo's signature headers. */
export function holdsSignature({ headers }: Pick<Webhook, 'headers'>): boolean {
  return signatureHeaders.some((name) => (headers[name] ?? '') !== '');
}

/** A webhook with its form read; that of a GET is in its address. */
export type SignedWebhook = Pick<Webhook, 'method' | 'url' | 'headers'> & { fields: Fields };

export type SignatureSettings = { authToken: string; acceptV2: boolean };

export const signatureHeaders: readonly string[] = ['v3', 'ma-v3', 'v3-nonce', 'v2', 'ma-v2', 'v2-nonce'].map(
  (name) => `x-plivo-signature-${name}`,
);

/**
 * The V3 signature, in base64: HMAC-SHA256 of the address, the form and the nonce. The form of a GET are the
 * parameters that its address does not hold already. The text that is signed, letter by letter as Plivo's SDK has it:
 *
 *     https://us.example/plivo/message?From14445556666TextHiTo14445557777.NONCE
 *     https://us.example/plivo/status?d=12-34-1.MessageUUIDabcStatussent.NONCE
 *     https://us.example/plivo/status?d=12-34-1.NONCE                            (nothing posted)
 */
export function signV3({ method, url, fields, nonce, authToken }: V3Material): string {
  const { base, query } = partsOf(asBytes(url));
  const inAddress = parametersOf(parseQuery(query));
  const sent = parametersOf(fields);

  let signed = base;
  if (method === 'GET') {
    const joined = joinParameters([...inAddress, ...sent], '=', '&');
    if (joined !== '') signed += `?${joined}`;
  } else {
    const joined = joinParameters(inAddress, '=', '&');
    const hasForm = Object.keys(fields).length > 0;
    if (joined !== '' || hasForm) signed += `?${joined}`;
    if (joined !== '' && hasForm) signed += '.';
    signed += joinParameters(sent, '', '');
  }
  return hmac(authToken, `${signed}.${asBytes(nonce)}`);
}

export type V3Material = Pick<SignedWebhook, 'method' | 'url' | 'fields'> & { nonce: string; authToken: string };

/** The V2 signature, in base64: HMAC-SHA256 of the address without its query, and the nonce. */
export function signV2({ url, nonce, authToken }: { url: string; nonce: string; authToken: string }): string {
  return hmac(authToken, partsOf(asBytes(url)).base + asBytes(nonce));
}

/** A parsed JSON body may hold anything; Plivo signs text only. */
function isForm(fields: Record<string, unknown>): fields is Fields {
  return Object.values(fields).every((value) =>
    Array.isArray(value) ? value.every((one) => typeof one === 'string') : typeof value === 'string',
  );
}

function isNonce(header: string | string[] | undefined): header is string {
  return typeof header === 'string' && header !== '';
}

function signaturesIn(header: string | string[] | undefined): string[] {
  return (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((signature) => signature.trim())
    .filter((signature) => signature !== '');
}

function isAmong(candidates: string[], expected: string): boolean {
  const right = Buffer.from(expected);
  let found = false;
  for (const candidate of candidates) {
    const given = Buffer.from(candidate);
    if (given.length === right.length && timingSafeEqual(given, right)) found = true;
  }
  return found;
}

/** Scheme, host, port and path as they were written; a login and a fragment are not signed. */
function partsOf(url: string): { base: string; query: string } {
  const [, scheme = 'http', host = '', path = '', query = ''] =
    /^(?:([^:/?#]+):)?(?:\/\/)?(?:[^/?#@]*@)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  return { base: `${scheme}://${host}${path}`, query };
}

type Parameter = [key: string, value: string];

function parametersOf(fields: Fields | ReturnType<typeof parseQuery>): Parameter[] {
  const parameters: Parameter[] = [];
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (Array.isArray(value)) for (const one of value) parameters.push([key, one]);
    else parameters.push([key, String(value)]);
  }
  return parameters;
}

/** Sorted by key, then by value, in UTF-16 order; a key that came twice is written twice. */
function joinParameters(parameters: Parameter[], between: string, separator: string): string {
  return parameters
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([key, value]) => key + between + value)
    .join(separator);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The SDK turns address, nonce and token into UTF-8 bytes, one character a byte, before it hashes them as UTF-8. */
function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function hmac(authToken: string, text: string): string {
  if (lastKey?.authToken !== authToken) {
    lastKey = { authToken, key: createSecretKey(Buffer.from(asBytes(authToken), 'utf8')) };
  }
  return createHmac('sha256', lastKey.key).update(text).digest('base64');
}
/** Making a key of a token costs more than to sign with it, and an installation has one. */
let lastKey: { authToken: string; key: KeyObject } | undefined;
