import { createHmac } from 'node:crypto';
import { parse } from 'node:querystring';

/** Form fields or query parameters as the carrier signs them; a list is a key that was sent several times. */
export type Params = Record<string, string | string[]>;

/** How a webhook is signed; the sources stand at `signatureHeaders`. */
export type Signing = 'main' | 'account' | 'rotating' | 'v2' | 'forged';

/**
 * The headers of a signed webhook:
 *
 *     main      Ma-V3 is made with our token and the V3 beside it is not: what inbound texts come with today, says
 *               github.com/openhab/openhab-addons/pull/21325 (review of 2026-08-13) and framerslab/agentos/pull/20
 *     account   V3 and Ma-V3 are both made with it: docs.plivo.com/docs/voice/xml/request/validation
 *     rotating  each header holds several, separated by commas, while a token is turned: github.com/plivo/plivo-node:
 *               lib/utils/v3Security.js splits them so
 *     v2        docs.plivo.com/docs/messaging/concepts/signature-validation
 *     forged    by somebody who does not have the token
 */
export function signatureHeaders(call: { url: string; params: Params; token: string; nonce: string }, how: Signing) {
  const { url, token, nonce } = call;
  if (how === 'v2') {
    const signature = signV2({ url, token, nonce });
    return {
      'x-plivo-signature-v2': signature,
      'x-plivo-signature-ma-v2': signature,
      'x-plivo-signature-v2-nonce': nonce,
    };
  }
  const genuine = how === 'forged' ? signV3({ ...call, token: 'guessed' }) : signV3(call);
  const main = how === 'rotating' ? `${anothers},${genuine}` : genuine;
  return {
    'x-plivo-signature-v3': how === 'main' ? anothers : main,
    'x-plivo-signature-ma-v3': main,
    'x-plivo-signature-v3-nonce': nonce,
  };
}

/** Made with a token that is not ours. */
const anothers = 'b3Rvc2JzZXJ2ZXIgd2l0aCBhbm90aGVyIHRva2VuISE=';

/** Plivo's V2: HMAC-SHA256 over the address without its query, and the nonce. */
function signV2({ url, token, nonce }: { url: string; token: string; nonce: string }): string {
  const [address = ''] = url.split(/[?#]/, 1);
  return createHmac('sha256', token)
    .update(address + nonce)
    .digest('base64');
}

/**
 * Signs a POST as Plivo's V3 does (github.com/plivo/plivo-node: lib/utils/v3Security.js): HMAC-SHA256 over the address
 * with its query sorted, the form fields sorted, and the nonce. A GET has all its fields in the address. It shares no
 * code with the engine on purpose, so that each checks the other.
 */
export function signV3(call: { url: string; params: Params; token: string; nonce: string }): string {
  const signed = `${signedAddress(call.url, call.params)}${signedFields(call.params)}.${call.nonce}`;
  return createHmac('sha256', call.token).update(signed).digest('base64');
}

function signedAddress(url: string, params: Params): string {
  const [address = ''] = url.split('#', 1);
  const mark = address.indexOf('?');
  const base = mark < 0 ? address : address.slice(0, mark);
  const query = mark < 0 ? '' : signedQuery(address.slice(mark + 1));
  const hasFields = Object.keys(params).length > 0;
  if (query === '') return hasFields ? `${base}?` : base;
  return hasFields ? `${base}?${query}.` : `${base}?${query}`;
}

function signedQuery(query: string): string {
  return sortedPairs(parse(query) as Params, '=').join('&');
}

function signedFields(params: Params): string {
  return sortedPairs(params, '').join('');
}

/** A plain loop: every report passes here, and most fields have one value. */
function sortedPairs(params: Params, between: string): string[] {
  const pairs: string[] = [];
  for (const key of Object.keys(params).sort()) {
    const value = params[key] ?? '';
    if (typeof value === 'string') pairs.push(key + between + value);
    else for (const each of value.toSorted()) pairs.push(key + between + each);
  }
  return pairs;
}
