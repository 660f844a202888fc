import fc from 'fast-check';
import { request as ask } from 'undici';
import type { Endpoint } from '../../../api/endpoint.ts';
import { endpoints } from '../../../api/endpoints/index.ts';
import type { Attack } from '../attack.ts';
import { eachOf } from '../each.ts';
import { countsOf, snapshotOf } from '../snapshot.ts';
import { type Answer, agentFrom, readAnswer, type Target } from '../target.ts';
import { valuesFor } from '../values.ts';

/** One HTTP request with exactly one thing wrong. */
type Malformed = { what: string; path: string; method: string; headers: Record<string, string>; body: Buffer | null };
type Right = { endpoint: Endpoint; values: Record<string, string> };

export const malformed: Attack = {
  name: 'malformed',
  does: 'requests that have one thing wrong, made from the declarations of the endpoints',
  counts: true,
  async run(target, { random, runs, note }) {
    const seed = Math.floor(random.next() * 2 ** 31);
    const wrong = fc.sample(requestsTo(target), { seed, numRuns: runs === 'many' ? 10_000 : 300 });
    const before = [await snapshotOf(target), await countsOf(target)].join('\n').split('\n');
    const statuses = new Map<number, number>();
    const broken: string[] = [];
    await eachOf(wrong, AT_ONCE, async (one) => {
      const answer = await sendTo(target, one);
      statuses.set(answer.http, (statuses.get(answer.http) ?? 0) + 1);
      const { http, body, text } = answer;
      if (body.status !== 'ERROR' || typeof body.error_type !== 'string' || http >= 500 || !hasId(answer))
        broken.push(`${one.what}: ${one.method} ${one.path}: ${http} ${text.slice(0, 150)}`);
    });
    const after = [await snapshotOf(target), await countsOf(target)].join('\n').split('\n');
    const changed = after.filter((line, at) => line !== before[at]);
    if (changed.length > 0) broken.push(`something was written (seed ${seed}): ${changed.join('; ').slice(0, 300)}`);
    const counts = [...statuses].sort(([a], [b]) => a - b).map(([http, count]) => `${count} times ${http}`);
    note(`${wrong.length} requests with seed ${seed}: ${counts.join(', ')}`);
    return broken.slice(0, 20);
  },
};

const AT_ONCE = 12;

async function sendTo({ url }: Target, { path, method, headers, body }: Malformed): Promise<Answer & { id: unknown }> {
  const answer = await ask(`${url}${path}`, { method, headers, body, dispatcher: agentFrom('127.0.0.1') });
  return { ...readAnswer(answer.statusCode, await answer.body.text()), id: answer.headers['x-request-id'] };
}

function hasId(answer: Answer): boolean {
  return 'id' in answer && typeof answer.id === 'string' && answer.id !== '';
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

function requestsTo({ outsiders }: Target): fc.Arbitrary<Malformed> {
  const { owner } = outsiders;
  return fc.constantFrom(...endpoints).chain((endpoint) => {
    const sid = endpoint.session === 'none' ? {} : { sid: owner.sid };
    const right = {
      endpoint,
      values: { ...sid, ...valuesFor(endpoint, { by: owner, group: outsiders, other: owner }) },
    };
    return fc.constantFrom(...mistakes).chain(({ what, make }) => make(right).map((made) => ({ what, ...made })));
  });
}

type Made = fc.Arbitrary<Omit<Malformed, 'what'>>;
const odd = fc.string({ unit: 'binary', maxLength: 60 });
const nameOf = ({ values }: Right) => fc.constantFrom('anything', ...Object.keys(values));

/** Every way to be wrong is a row; each makes an error of a request that was right. */
const mistakes: readonly { what: string; make(right: Right): Made }[] = [
  {
    what: 'another method',
    make: (right) =>
      fc
        .constantFrom('PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND')
        .map((method) => form(right, encode(right.values), { method })),
  },
  {
    what: 'another address',
    make: (right) =>
      fc
        .constantFrom('/', '/x', '%2f', '.json', '//', ' '.trim() || '%20')
        .map((more) => ({ ...form(right, encode(right.values)), path: `${right.endpoint.url}${more}` })),
  },
  {
    what: 'a name twice',
    make: (right) => nameOf(right).map((name) => form(right, `${encode(right.values)}&${name}=1&${name}=2`)),
  },
  {
    what: 'a name with brackets',
    make: (right) =>
      fc
        .tuple(nameOf(right), fc.constantFrom('[]', '[$ne]', '[0]', '[__proto__]'))
        .map(([name, more]) => form(right, `${encode(right.values)}&${encodeURIComponent(name + more)}=1`)),
  },
  {
    what: 'broken percent-encoding',
    make: (right) =>
      fc
        .tuple(nameOf(right), fc.constantFrom('%', '%zz', '%e9', '%c0%80', '%ed%a0%80', '%f5%80%80%80'))
        .map(([name, bad]) => form(right, `${encode(without(right, name))}&${name}=${bad}`)),
  },
  {
    what: 'broken percent-encoding in the query',
    make: (right) =>
      fc
        .constantFrom('%', '%zz', '%ff')
        .map((bad) => ({ ...form(right, encode(right.values)), path: `${right.endpoint.url}?x=${bad}` })),
  },
  {
    what: 'bytes that are no UTF-8',
    make: (right) =>
      fc
        .uint8Array({ minLength: 1, maxLength: 30 })
        .map((bytes) =>
          bodyOf(
            right,
            Buffer.concat([Buffer.from(`${encode(right.values)}&x=`), Buffer.from(bytes), Buffer.from([0xff])]),
            FORM,
          ),
        ),
  },
  {
    what: 'a list or an object for a value',
    make: (right) =>
      fc
        .tuple(nameOf(right), fc.constantFrom<unknown>([], ['1'], {}, { $ne: '' }, { a: { b: [] } }, [[['x']]]))
        .map(([name, value]) => json(right, JSON.stringify({ ...right.values, [name]: value }))),
  },
  {
    what: 'JSON that breaks off',
    make: (right) =>
      fc.nat(40).map((at) => json(right, JSON.stringify({ pad: 'x'.repeat(41), ...right.values }).slice(0, at + 1))),
  },
  {
    what: 'JSON that is no object',
    make: (right) =>
      fc
        .oneof(fc.constantFrom<unknown>(null, [], 1, 'x', true), fc.array(fc.jsonValue()))
        .map((value) => json(right, JSON.stringify(value))),
  },
  { what: 'no JSON at all', make: (right) => odd.map((text) => json(right, `\u0001${text}`)) },
  {
    what: 'a prototype in JSON',
    make: (right) =>
      fc
        .jsonValue()
        .map((value) =>
          json(
            right,
            `{"__proto__":${JSON.stringify(value ?? 1)},${JSON.stringify(right.values).slice(1)}`.replace(/,}$/, '}'),
          ),
        ),
  },
  {
    what: 'deep JSON',
    make: (right) =>
      fc.integer({ min: 2, max: 30_000 }).map((depth) => json(right, `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`)),
  },
  {
    what: 'another content type',
    make: (right) =>
      fc
        .constantFrom(
          'text/plain',
          'multipart/form-data; boundary=x',
          'application/xml',
          'application/json; charset=utf-16',
          'x',
          '/',
        )
        .map((type) => bodyOf(right, Buffer.from(`x=1&${encode(right.values)}`), type)),
  },
  {
    what: 'a compressed body',
    make: (right) =>
      fc.constantFrom('gzip', 'br', 'deflate', 'zstd').map((coding) => ({
        ...form(right, `x=1&${encode(right.values)}`),
        headers: { 'content-type': FORM, 'content-encoding': coding },
      })),
  },
  {
    what: 'a body over 64 KiB',
    make: (right) => fc.integer({ min: 65_537, max: 200_000 }).map((size) => form(right, `pad=${'x'.repeat(size)}`)),
  },
];

function encode(values: Record<string, string>): string {
  return new URLSearchParams(values).toString();
}

function without({ values }: Right, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([one]) => one !== name));
}

function form({ endpoint }: Right, text: string, { method = 'POST' } = {}): Omit<Malformed, 'what'> {
  return { path: endpoint.url, method, headers: { 'content-type': FORM }, body: Buffer.from(text) };
}

function json(right: Right, text: string): Omit<Malformed, 'what'> {
  return bodyOf(right, Buffer.from(text), JSON_TYPE);
}

function bodyOf({ endpoint }: Right, body: Buffer, type: string): Omit<Malformed, 'what'> {
  return { path: endpoint.url, method: 'POST', headers: { 'content-type': type }, body };
}
