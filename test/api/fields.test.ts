import { expect } from 'chai';
import fc from 'fast-check';
import { readFields } from '../../api/fields.ts';
import { DomainError } from '../../engine/platform/errors.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

function read(sent: { query?: string; body?: string | Buffer; type?: string | undefined }): Record<string, unknown> {
  const { query = '', body = '', type } = sent;
  return Object.fromEntries(readFields({ query, body: Buffer.from(body), contentType: type }));
}

describe('the fields of a request', () => {
  const readable: [string, Parameters<typeof read>[0], Record<string, unknown>][] = [
    ['nothing at all', {}, {}],
    ['a query string', { query: 'name=Ann&number=%2B14445556666' }, { name: 'Ann', number: '+14445556666' }],
    ['a plus sign is a space', { query: 'name=Ann+Lee' }, { name: 'Ann Lee' }],
    ['raw UTF-8 in a query', { query: Buffer.from('name=José').toString('latin1') }, { name: 'José' }],
    ['a field without a value is empty', { query: 'name&pin=' }, { name: '', pin: '' }],
    ['an equals sign in a value', { query: 'message=a=b' }, { message: 'a=b' }],
    ['a form', { body: 'name=Jos%C3%A9', type: FORM }, { name: 'José' }],
    ['a form that does not say that it is one', { body: 'name=Ann' }, { name: 'Ann' }],
    ['a form with a charset', { body: 'name=Ann', type: `${FORM}; charset=UTF-8` }, { name: 'Ann' }],
    ['JSON', { body: '{"name":"Ann","cc":1,"b":true}', type: JSON_TYPE }, { name: 'Ann', cc: 1, b: true }],
    ['null in JSON is not sent', { body: '{"name":null}', type: JSON_TYPE }, {}],
    ['an empty body of any type', { query: 'a=1', type: 'text/plain' }, { a: '1' }],
    ['the body wins over the query', { query: 'a=1&b=1', body: 'b=2' }, { a: '1', b: '2' }],
  ];
  for (const [what, sent, fields] of readable) {
    it(`reads ${what}`, () => expect(read(sent)).to.deep.equal(fields));
  }

  const refused: [string, Parameters<typeof read>[0], string][] = [
    ['half a percent sign', { query: 'name=%E9%' }, 'name'],
    ['bytes that are no UTF-8', { query: 'name=%FF' }, 'name'],
    ['a lone surrogate', { query: 'name=%ED%A0%80' }, 'name'],
    ['a body that is no UTF-8', { body: Buffer.from([0x61, 0x3d, 0xff]) }, 'body'],
    ['a field that came twice', { query: 'name=a&name=b' }, 'name'],
    ['a list by brackets', { query: 'name[]=a' }, 'name'],
    ['an object by brackets', { query: 'sid[$ne]=' }, 'sid'],
    ['a prototype in a form', { query: '__proto__=1' }, '__proto__'],
    ['a prototype in JSON', { body: '{"__proto__":{"a":1}}', type: JSON_TYPE }, '__proto__'],
    ['a list in JSON', { body: '{"pin":["1"]}', type: JSON_TYPE }, 'pin'],
    ['an object in JSON', { body: '{"pin":{"a":1}}', type: JSON_TYPE }, 'pin'],
    ['a number that is none', { body: '{"pin":1e999}', type: JSON_TYPE }, 'pin'],
    ['JSON that is a list', { body: '[]', type: JSON_TYPE }, 'body'],
    ['JSON that is a text', { body: '"a"', type: JSON_TYPE }, 'body'],
    ['JSON that is null', { body: 'null', type: JSON_TYPE }, 'body'],
    ['JSON that breaks off', { body: '{"name":', type: JSON_TYPE }, 'body'],
    ['JSON that goes 30,000 deep', { body: '['.repeat(30_000), type: JSON_TYPE }, 'body'],
    [
      'JSON with a value 30,000 deep',
      { body: `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, type: JSON_TYPE },
      'a',
    ],
    ['another content type', { body: 'a=1', type: 'text/plain' }, 'content-type'],
    ['multipart', { body: 'a', type: 'multipart/form-data; boundary=x' }, 'content-type'],
    ['another charset', { body: 'a=1', type: `${FORM}; charset=iso-8859-1` }, 'content-type'],
    ['a content type that every object has', { body: 'a=1', type: 'constructor' }, 'content-type'],
  ];
  for (const [what, sent, field] of refused) {
    it(`refuses ${what}`, () => {
      expect(refusalOf(() => read(sent))).to.include({ token: 'BAD_REQUEST', subtype: field });
    });
  }

  it('keeps every text as it was, by query, form and JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (value) => {
        const pair = `a=${encodeURIComponent(value)}`;
        expect(read({ query: pair })).to.deep.equal({ a: value });
        expect(read({ body: pair, type: FORM })).to.deep.equal({ a: value });
        expect(read({ body: JSON.stringify({ a: value }), type: JSON_TYPE })).to.deep.equal({ a: value });
      }),
    );
  });

  it('answers garbage with a refusal, never with another error', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const types = fc.constantFrom(FORM, JSON_TYPE, 'text/plain', undefined);
    fc.assert(
      fc.property(bytes, types, (body, contentType) => {
        const attempt = () => readFields({ query: '', body: Buffer.from(body), contentType });
        try {
          attempt();
        } catch (error) {
          expect(error).to.be.instanceOf(DomainError);
        }
      }),
    );
  });
});

function refusalOf(act: () => unknown): DomainError | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  return undefined;
}
