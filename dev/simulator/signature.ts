import { createHmac } from 'node:crypto';
import { parse } from 'node:querystring';

/** Form fields or query parameters as the carrier signs them; a list is a key that was sent several times. */
export type Params = Record<string, string | string[]>;

/**
 * Signs a POST as Plivo's V3 does: HMAC-SHA256 over the address with its query sorted, the form fields sorted, and
 * the nonce. It shares no code with the engine on purpose, so that each checks the other.
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
