import fc from 'fast-check';
import type { Endpoint } from '../../api/endpoint.ts';
import { endpoints } from '../../api/endpoints/index.ts';
import { webhookPaths } from '../../engine/platform/webhook-urls.ts';
import { carrierNames, webhookKinds } from '../../engine/rules/carriers.ts';
import type { Target } from '../hostile/target.ts';
import { valuesFor } from '../hostile/values.ts';

/** A request that is as heavy as its length lets it be. */
export type HeavyRequest = { what: string; of(letters: number): RawRequest };
export type RawRequest = { method: 'GET' | 'POST'; path: string; headers: readonly Header[]; body: string };
type Header = readonly [name: string, value: string];

/** To every route, in every place where a stranger's bytes can stand. */
export function heavyRequests(target: Target): fc.Arbitrary<HeavyRequest> {
  const route = fc.constantFrom(...routes);
  const parameter = fc.constantFrom(...endpoints).chain((endpoint) => parameterOf(target, endpoint));
  return fc.oneof(
    { weight: 5, arbitrary: fc.tuple(route, header, run(LATIN)).map(withLongHeader) },
    { weight: 1, arbitrary: fc.tuple(route, header, fc.constantFrom('', 'a', ',')).map(withManyHeaders) },
    { weight: 2, arbitrary: fc.tuple(route, fc.constantFrom('', '?', '?a=', '#'), run(PATH)).map(withLongPath) },
    { weight: 3, arbitrary: fc.tuple(route, type, run(TEXT)).map(withLongBody) },
    { weight: 2, arbitrary: fc.tuple(route, fc.constantFrom(...jsons)).map(withJson) },
    { weight: 5, arbitrary: parameter },
  );
}

/** What once took seconds, or minutes. */
export const seenBefore: readonly HeavyRequest[] = [
  withLongBody(['/plivo/message', 'application/x-www-form-urlencoded', runOf('a&', '')]),
  withLongHeader(['/group/create', ['content-type', 'application/json; charset='], runOf(' ', '"x')]),
];

function withLongHeader([route, [name, before], long]: [string, Header, Run]): HeavyRequest {
  return {
    what: `${name}: ${before}${shown(long)} to ${route}`,
    of: (letters) => ({ ...posted(route, FORM, [name, before + long.of(letters)]), body: 'a=1' }),
  };
}

function withManyHeaders([route, [name], value]: [string, Header, string]): HeavyRequest {
  return {
    what: `${name}: ${value} again and again to ${route}`,
    of: (letters) => ({ ...plain(route), headers: repeated([name, value], letters / (name.length + 4)) }),
  };
}

function withLongPath([route, sign, long]: [string, string, Run]): HeavyRequest {
  return {
    what: `${route}${sign}${shown(long)}`,
    of: (letters) => ({ ...plain(route), path: `${route}${sign}${long.of(letters)}` }),
  };
}

function withLongBody([route, is, long]: [string, string, Run]): HeavyRequest {
  return {
    what: `a body ${shown(long)} of ${is} to ${route}`,
    of: (letters) => ({ ...posted(route, is), body: long.of(letters) }),
  };
}

function withJson([route, { what, of }]: [string, (typeof jsons)[number]]): HeavyRequest {
  return { what: `${what} to ${route}`, of: (letters) => ({ ...posted(route, JSON_TYPE), body: of(letters) }) };
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

export const routes: readonly string[] = [
  ...endpoints.map(({ url }) => url),
  ...carrierNames.flatMap((carrier) => webhookKinds.flatMap((kind) => webhookPaths(carrier, kind))),
  ...['/plivo/status?d=1-1-0-1', '/stripe/webhook'],
  ...['/ops', '/ops/metrics', '/ops/queues', '/ops/trace'],
  ...['/ops/sign-in', '/ops/sign-out', '/ops/console.css', '/ops/console.js', '/ops/live', '/ops/find', '/ops/acts'],
  ...['/ops/group', '/ops/message', '/ops/person', '/ops/numbers', '/ops/running', '/ops/stop', '/ops/correct'],
  ...['/ops/change'],
  ...[
    '/docs',
    '/docs/errors',
    '/docs/pages.css',
    '/docs/guide',
    '/docs/tasks',
    '/docs/try.js',
    '/openapi.json',
    '/healthz',
    '/readyz',
    '/',
    '/unknown/address',
  ],
];

/** Whatever is read of a header, by its name and what may stand before the long part. */
export const headers: readonly Header[] = [
  ['content-type', ''],
  ['content-type', 'application/json; charset='],
  ['content-type', 'application/x-www-form-urlencoded;'],
  ['content-encoding', ''],
  ['authorization', ''],
  ['authorization', 'Basic '],
  ['authorization', 'Basic b3BzOg'],
  ['cookie', 'a='],
  ['accept', ''],
  ['accept-encoding', ''],
  ['accept-language', 'es;q='],
  ['host', ''],
  ['origin', 'http://'],
  ['access-control-request-method', ''],
  ['referer', ''],
  ['last-event-id', ''],
  ['range', 'bytes='],
  ['if-none-match', '"'],
  ['if-modified-since', ''],
  ['x-forwarded-for', ''],
  ['x-forwarded-for', '1.2.3.4,'],
  ['x-forwarded-proto', ''],
  ['x-request-id', ''],
  ['stripe-signature', ''],
  ['stripe-signature', 't=1,v1='],
  ['x-plivo-signature-v3', ''],
  ['x-plivo-signature-v3-nonce', ''],
  ['x-plivo-signature-ma-v3', 'a,'],
  ['x-plivo-signature-v2', ''],
  ['x-plivo-signature-v2-nonce', ''],
  ['x-plivo-signature-ma-v2', 'a,'],
  ['telnyx-signature-ed25519', ''],
  ['telnyx-timestamp', '1'],
];
const header = fc.constantFrom(...headers);

const type = fc.constantFrom(FORM, JSON_TYPE, 'text/plain');

type Run = { piece: string; end: string; of(letters: number): string };

const LATIN = [
  'a',
  ' ',
  '\t',
  ',',
  ';',
  '=',
  '"',
  '1',
  '.',
  ':',
  '-',
  '/',
  '(',
  '\\',
  '%',
  '%41',
  'a=',
  'a,',
  'a;',
  '::',
  '\u00e9',
];
const PATH = ['a', 'a&', 'a=1&', '&', '=', '%', '%41', '%2F', '/', '//', '/..', '.', ';', '+', '1', '-', 'a/'];
const TEXT = [...LATIN, ...PATH, '\n', '[', '{"a":', '"a",', '€', '\u0301', '\u200b', '🎉', '0', 'x[]=&', 'a%20', '中'];
const ENDS = ['', '"x', '!', '%zz'];

/** The same piece again and again, with a misfit at its end. */
function run(pieces: readonly string[]): fc.Arbitrary<Run> {
  return fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...ENDS)).map(([piece, end]) => runOf(piece, end));
}

function runOf(piece: string, end: string): Run {
  return { piece, end, of: (letters) => piece.repeat(letters / Buffer.byteLength(piece)) + end };
}

function shown({ piece, end }: Run): string {
  return `${JSON.stringify(piece)} again and again, then ${JSON.stringify(end)}`;
}

const jsons: readonly { what: string; of(letters: number): string }[] = [
  { what: 'deep JSON', of: (letters) => `{"a":${'['.repeat(letters / 2)}${']'.repeat(letters / 2)}}` },
  { what: 'deep objects', of: (letters) => `{"a":${'{"a":'.repeat(letters / 6)}1${'}'.repeat(letters / 6)}}` },
  { what: 'JSON that never closes', of: (letters) => '['.repeat(letters) },
  { what: 'wide JSON', of: (letters) => `{${names(letters / 12, (at) => `"a${at}":1`)}}` },
  { what: 'JSON of one name', of: (letters) => `{${names(letters / 6, () => '"a":1')}}` },
  { what: 'JSON of numbered names', of: (letters) => `{${names(letters / 12, (at) => `"${at * 8_191}":1`)}}` },
  { what: 'a JSON list', of: (letters) => `{"number":[${names(letters / 2, () => '1')}]}` },
  { what: 'a JSON number', of: (letters) => `{"number":${'9'.repeat(letters)}}` },
  { what: 'a JSON fraction', of: (letters) => `{"number":0.${'0'.repeat(letters)}1e${'9'.repeat(9)}}` },
  { what: 'escapes in JSON', of: (letters) => `{"number":"${'\\u0041'.repeat(letters / 6)}"}` },
  { what: 'long names in JSON', of: (letters) => `{"${'a'.repeat(letters / 2)}":1,"${'a'.repeat(letters / 2)}[":2}` },
  { what: 'many members', of: (letters) => `{${names(letters / 14, (at) => `"name_${at}":"A"`)}}` },
];

function names(count: number, of: (at: number) => string): string {
  return Array.from({ length: Math.floor(count) }, (_, at) => of(at)).join();
}

/** A call that is right but for one parameter, which is as long as it can be. */
function parameterOf({ outsiders }: Target, endpoint: Endpoint): fc.Arbitrary<HeavyRequest> {
  const [member] = outsiders.members;
  if (member === undefined) throw new Error('the outsiders have a member');
  const sid = endpoint.session === 'none' ? {} : { sid: member.sid };
  const right = { ...sid, ...valuesFor(endpoint, { by: member, group: outsiders, other: outsiders.owner }) };
  const name = Object.keys(right).length === 0 ? fc.constant('anything') : fc.constantFrom(...Object.keys(right));
  return fc.tuple(name, run(TEXT), fc.boolean()).map(
    ([parameter, long, inJson]): HeavyRequest => ({
      what: `${parameter}=${shown(long)} ${inJson ? 'in JSON' : 'in a form'} to ${endpoint.url}`,
      of(letters) {
        const values = { ...right, [parameter]: long.of(inJson ? letters : letters / 3) };
        const body = inJson ? JSON.stringify(values) : new URLSearchParams(values).toString();
        return { ...posted(endpoint.url, inJson ? JSON_TYPE : FORM), body };
      },
    }),
  );
}

function plain(path: string): RawRequest {
  return { method: 'GET', path, headers: [], body: '' };
}

function posted(path: string, is: string, more: Header = ['accept', '*/*']): RawRequest {
  const headers = more[0] === 'content-type' ? [more] : [['content-type', is] as const, more];
  return { method: 'POST', path, headers, body: '' };
}

function repeated(one: Header, times: number): Header[] {
  return Array.from({ length: Math.floor(times) }, () => one);
}
