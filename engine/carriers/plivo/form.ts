import { isUtf8 } from 'node:buffer';
import { BadWebhook, type Webhook } from '../carrier.ts';

/** Form fields as they came: a key that was sent twice holds an array. */
export type Fields = Record<string, string | string[]>;

/**
 * The fields of a webhook: the form of a POST, the query of a GET, every value as it was signed. Throws `BadWebhook`
 * where the encoding is broken or there are more fields than any carrier sends.
 */
export function fieldsOf({ method, url, body }: Webhook): Fields {
  return parseForm(method === 'GET' ? queryOf(url) : textOf(body));
}

const MOST_FIELDS = 200;

function queryOf(url: string): string {
  return /\?([^#]*)/.exec(url)?.[1] ?? '';
}

function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new BadWebhook('body');
  return body.toString();
}

function parseForm(text: string): Fields {
  const fields: Fields = Object.create(null) as Fields;
  const pairs = text === '' ? [] : text.split('&').filter((pair) => pair !== '');
  if (pairs.length > MOST_FIELDS) throw new BadWebhook('body');
  for (const pair of pairs) {
    const cut = pair.indexOf('=');
    const name = decode(cut < 0 ? pair : pair.slice(0, cut), 'body');
    const value = cut < 0 ? '' : decode(pair.slice(cut + 1), name);
    const before = fields[name];
    fields[name] = before === undefined ? value : [before, value].flat();
  }
  return fields;
}

function decode(text: string, field: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new BadWebhook(field);
  }
}
