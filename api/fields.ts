import { isUtf8 } from 'node:buffer';
import { DomainError } from '../engine/platform/errors.ts';
import type { Scalar } from './kinds.ts';

/** The fields of a request by name. A map, because a field may have any name that a client thinks of. */
export type FieldMap = ReadonlyMap<string, Scalar>;

/**
 * The fields of a query string and a body; the body wins. Throws BAD_REQUEST with the field's name, or `query`, `body`
 * or `content-type`: broken encoding, an unknown type, too many fields, and whatever is no plain value (lists, objects,
 * repeated names).
 */
export function readFields({ query, body, contentType, most = MOST_FIELDS, pairs }: Sent): FieldMap {
  const fields = readForm(asText(Buffer.from(query, 'latin1'), 'query'), { where: 'query', most });
  if (body.length === 0) return fields;
  const inBody = readers[typeOf(contentType)](asText(body, 'body'), { where: 'body', most, pairs });
  for (const [name, value] of inBody) fields.set(name, value);
  return fields;
}

/** More than any call takes, but for lists of members. */
export const MOST_FIELDS = 200;

export type Sent = {
  /** As Node gives it: without `?`, one character a byte. */
  query: string;
  body: Buffer;
  contentType: string | undefined;
  /** How many fields a query or a body may have; `MOST_FIELDS` where nothing is said. */
  most?: number;
  /** The name of a list of names and numbers that JSON may have in place of `name_N` and `number_N`. */
  pairs?: string | undefined;
};

const readers = { 'application/x-www-form-urlencoded': readForm, 'application/json': readJson };
/** `where` is what an error names. */
type Reading = { where: string; most: number; pairs?: string | undefined };

function typeOf(contentType: string | undefined): keyof typeof readers {
  const [type = '', ...options] = (contentType ?? 'application/x-www-form-urlencoded').toLowerCase().split(';');
  const charset = options.map(charsetIn).find(Boolean) ?? 'utf-8';
  const name = type.trim();
  if (!Object.hasOwn(readers, name) || !CHARSETS.has(charset)) throw malformed('content-type');
  return name as keyof typeof readers;
}

/** The value of `charset=utf-8`, with or without quotes; nothing of another option. */
function charsetIn(option: string): string | undefined {
  const [name = '', ...value] = option.split('=');
  return name.trim() === 'charset' ? value.join('=').replaceAll('"', '').trim() : undefined;
}

const CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

function readForm(text: string, { where, most }: Reading): Map<string, Scalar> {
  const fields = new Map<string, Scalar>();
  const pairs = text.split('&').filter((pair) => pair !== '');
  if (pairs.length > most) throw malformed(where);
  for (const pair of pairs) {
    const cut = pair.indexOf('=');
    const name = decodeForm(cut < 0 ? pair : pair.slice(0, cut), where);
    put(fields, name, cut < 0 ? '' : decodeForm(pair.slice(cut + 1), name));
  }
  return fields;
}

/** One name or value of a form. Throws BAD_REQUEST where it is no percent-encoded UTF-8. */
function decodeForm(text: string, field: string): string {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed(field);
  }
}

function readJson(text: string, { where, most, pairs }: Reading): Map<string, Scalar> {
  const fields = new Map<string, Scalar>();
  const entries = Object.entries(parseObject(text, where));
  if (entries.length > most) throw malformed(where);
  for (const [name, value] of entries) {
    if (name === pairs && Array.isArray(value)) putPairs(fields, name, value);
    else if (value !== null) put(fields, name, value);
  }
  if (fields.size > most) throw malformed(where);
  return fields;
}

function parseObject(text: string, where: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw malformed(where);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw malformed(where);
  return parsed;
}

/** `[{ name, number }]` is `name_0`, `number_0` and so on. */
function putPairs(fields: Map<string, Scalar>, list: string, pairs: readonly unknown[]): void {
  for (const [at, pair] of pairs.entries()) {
    if (typeof pair !== 'object' || pair === null || Array.isArray(pair)) throw malformed(list);
    for (const [half, value] of Object.entries(pair)) {
      if (half !== 'name' && half !== 'number') throw malformed(list);
      if (value !== null) put(fields, `${half}_${at}`, value);
    }
  }
}

/** `a[b]=1` is how forms write lists and objects, which no call takes. */
function put(fields: Map<string, Scalar>, name: string, value: unknown): void {
  const bracket = name.indexOf('[');
  if (bracket >= 0) throw malformed(name.slice(0, bracket));
  if (name === '__proto__' || fields.has(name) || !isScalar(value)) throw malformed(name);
  fields.set(name, value);
}

function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}

/** Bytes of a request as text, without a byte order mark in front. Throws BAD_REQUEST where they are no UTF-8. */
export function asText(bytes: Buffer, where: string): string {
  if (!isUtf8(bytes)) throw malformed(where);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** The name of a field is a client's text: it goes back cut short. */
function malformed(field: string): DomainError {
  return new DomainError('BAD_REQUEST', { subtype: field.slice(0, 100) });
}
