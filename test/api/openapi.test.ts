import { Validator } from '@seriousme/openapi-schema-validator';
import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { expect } from 'chai';
import type { Endpoint } from '../../api/endpoint.ts';
import { documentedEndpoints, endpoints } from '../../api/endpoints/index.ts';
import { describeApi } from '../../api/openapi.ts';
import type { Parameter } from '../../api/parameters.ts';
import { catalogue } from '../../engine/rules/error-catalogue.ts';
import { documented, ours, taken, words } from './documented.ts';

describe('the declared endpoints', () => {
  it('are those of the document, in its order', () => {
    expect(documentedEndpoints.map(({ url }) => url)).to.deep.equal(Object.keys(documented));
    for (const { url } of endpoints.slice(documentedEndpoints.length)) expect(url).to.match(/^\/v1\//);
  });

  for (const endpoint of documentedEndpoints) {
    const { url } = endpoint;
    const document = documented[url] ?? { parameters: '', returns: '', errors: '' };

    it(`${url} takes the documented parameters in the documented order`, () => {
      const extra = words(taken[url] ?? '');
      const declared = parametersOf(endpoint);
      expect(declared).to.include.members(extra);
      expect(declared.filter((name) => !extra.includes(name))).to.deep.equal(words(document.parameters));
    });

    it(`${url} returns the documented fields`, () => {
      const extra = words(ours[url] ?? '');
      expect(fieldsIn(endpoint.answer)).to.have.members([...words(document.returns), ...extra]);
    });

    it(`${url} answers the documented errors, with a subtype where the document has one`, () => {
      const errors = Object.entries(endpoint.errors);
      const declared = errors.map(([token, note]) => (note.subtype === undefined ? token : `${token}*`));
      expect(declared).to.have.members(words(document.errors));
    });
  }
});

describe('the API reference', () => {
  const reference = describeApi(endpoints) as Reference;

  const operation = (url: string) => reference.paths[url]?.post;
  const resolved = (schema: Schema | undefined): Schema | undefined =>
    schema?.$ref === undefined ? schema : reference.components.schemas[schema.$ref.split('/').at(-1) ?? ''];

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(reference) as Record<string, unknown>);
    expect(valid, JSON.stringify(errors)).to.equal(true);
  });

  it('says that POST is the way to call, because queries are logged', () => {
    expect(JSON.stringify(reference)).to.match(
      /let no PIN, password or card number stand in an address: proxies log them/,
    );
  });

  it('says which names are refused, with every name that a call takes', () => {
    const text = JSON.stringify(reference);
    expect(text).to.include(
      'The name of the new member. BAD_REQUEST for one that begins with a star, reads as a phone',
    );
    expect(text).to.include('The name of the group. BAD_REQUEST for one that reads as a phone number, holds a web');
  });

  it('has every endpoint once, by POST, under a name that no other has', () => {
    expect(Object.keys(reference.paths)).to.deep.equal(endpoints.map(({ url }) => url));
    for (const path of Object.values(reference.paths)) expect(Object.keys(path)).to.deep.equal(['post']);
    const names = endpoints.map(({ url }) => operation(url)?.operationId);
    expect(new Set(names).size).to.equal(endpoints.length);
    expect(names).to.include.members(['sendMessage', 'logIn', 'createGroup', 'getEvents']);
    for (const name of names) expect(name).to.match(/^[a-z][A-Za-z]+$/);
  });

  it('takes the same fields by form and JSON as the declaration, each with a sentence', () => {
    for (const endpoint of endpoints) {
      const declared = parametersOf(endpoint).map((name) => name.replace(/_N$/, '_0'));
      const needed = declared.filter((name) => !/\?$|_0$|^sid$/.test(name));
      const names = declared.map((name) => name.replace('?', ''));
      const { content = {} } = operation(endpoint.url)?.requestBody ?? {};
      const [json, form] = [content['application/json'], content['application/x-www-form-urlencoded']].map((one) =>
        resolved(one?.schema),
      );
      expect(Object.keys(form?.properties ?? {}), endpoint.url).to.deep.equal(names);
      const inJson = names.flatMap((name) => (name === 'name_0' ? ['members'] : name === 'number_0' ? [] : [name]));
      expect(Object.keys(json?.properties ?? {}), endpoint.url).to.deep.equal(inJson);
      for (const schema of [json, form]) {
        expect(schema?.required ?? [], endpoint.url).to.deep.equal(needed);
        for (const { description } of Object.values(schema?.properties ?? {}))
          expect(description).to.be.a('string').not.empty;
      }
    }
  });

  it('shows a body with what has to be sent alone: trying it out changes nothing that nobody typed', () => {
    const optional = Object.fromEntries(
      endpoints.map(({ url, parameters }) => [
        url,
        Object.keys(parameters).filter((name) => parameters[name]?.kind !== 'pairs' && isOptional(parameters[name])),
      ]),
    );
    for (const { url } of endpoints) {
      const example = operation(url)?.requestBody?.content['application/json']?.example ?? {};
      expect(Object.values(example), url).to.not.include(undefined);
      for (const name of optional[url] ?? []) expect(example, url).to.not.have.property(name);
    }
    expect(operation('/group/set')?.requestBody?.content['application/json']?.example).to.have.all.keys('number');
  });

  it('says who may call: a session, a key, or anybody', () => {
    for (const { url, session, keys } of endpoints) {
      const security = (operation(url)?.security ?? []).map((one) => Object.keys(one).join());
      const schemes = [...(session === 'none' ? [] : ['sid']), ...(keys === undefined ? [] : ['key'])];
      expect(security, url).to.deep.equal([...schemes, ...(session === 'required' ? [] : [''])]);
    }
    expect(Object.keys(reference.components.securitySchemes)).to.deep.equal(['sid', 'key']);
  });

  it('names what it answers: each answer, its errors, and what several answers hold', () => {
    for (const { url, name, answer, errors } of endpoints) {
      const schema = operation(url)?.responses[200].content['application/json'].schema;
      const ok = resolved(schema?.oneOf?.[0] ?? schema);
      expect(Object.keys(ok?.properties ?? {}), url).to.deep.equal(['status', ...Object.keys(answer.properties)]);
      if (Object.keys(errors).length === 0) continue;
      const { error_type: error } = resolved(schema?.oneOf?.[1])?.properties ?? {};
      expect(error?.enum, name).to.deep.equal(Object.keys(errors));
    }
    expect(Object.keys(reference.components.schemas)).to.include.members([
      'Group',
      'Member',
      'Message',
      'Account',
      'Event',
      'Error',
      'SendMessageInput',
      'SendMessageAnswer',
      'SendMessageError',
    ]);
  });

  it('refers to nothing that is not there', () => {
    const text = JSON.stringify(reference);
    for (const [, kind = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/(\w+)"/g))
      expect(reference.components[kind as 'schemas'], `${kind} ${name}`).to.have.property(name);
  });

  it('explains every error of every call with a sentence and an example', () => {
    for (const { url, errors } of endpoints) {
      const examples = operation(url)?.responses[200].content['application/json'].examples ?? {};
      expect(Object.keys(examples), url).to.deep.equal(['OK', ...Object.keys(errors)]);
      for (const [token, { summary, value }] of Object.entries(examples).slice(1)) {
        expect(summary.length, `${url} ${token}`).to.be.greaterThan(10);
        expect(value).to.include({ status: 'ERROR', error_type: token });
      }
    }
  });

  it('shows an answer that fits, for every call', () => {
    for (const { url, answer } of endpoints) {
      const { OK } = operation(url)?.responses[200].content['application/json'].examples ?? {};
      expect([...TypeCompiler.Compile(answer).Errors(OK?.value)], url).to.deep.equal([]);
    }
  });

  it('names every error of the request itself', () => {
    const ownErrors = Object.entries(catalogue).filter(
      ([token, { http }]) => http !== 200 && !['FORBIDDEN', 'UNKNOWN_URL', 'METHOD_NOT_ALLOWED'].includes(token),
    );
    for (const token of ['UNKNOWN_URL', 'METHOD_NOT_ALLOWED']) expect(JSON.stringify(reference)).to.include(token);
    const statuses = Object.keys(reference.components.responses).map(Number);
    expect(statuses).to.include.members(ownErrors.map(([, { http }]) => http));
  });
});

type Reference = {
  paths: Record<string, { post: Operation }>;
  components: Record<'responses' | 'securitySchemes', Record<string, unknown>> & { schemas: Record<string, Schema> };
};
type Example = { summary: string; value: object };
type Operation = {
  operationId: string;
  security: object[];
  requestBody?: { content: Record<string, { schema: Schema; example?: object }> };
  responses: { 200: { content: { 'application/json': { schema: Schema; examples?: Record<string, Example> } } } };
};
type Schema = {
  $ref?: string;
  properties?: Record<string, { description: string; enum?: string[] }>;
  required?: string[];
  oneOf?: Schema[];
};

function isOptional(row: Parameter | undefined): boolean {
  return row !== undefined && row.kind !== 'pairs' && row.optional === true && row.waivable !== true;
}

function parametersOf({ session, parameters }: Endpoint): string[] {
  const own = Object.entries(parameters).flatMap(([name, row]) => {
    if (row.kind === 'pairs') return ['name_N', 'number_N'];
    return [row.optional ? `${name}?` : name];
  });
  return session === 'none' ? own : ['sid', ...own];
}

/** The names of all fields, those inside objects and lists behind a dot. */
function fieldsIn(schema: TSchema, prefix = ''): string[] {
  if (schema.type === 'array') return fieldsIn(schema.items as TSchema, prefix);
  if (schema.type !== 'object') return [];
  const required = new Set((schema.required as string[] | undefined) ?? []);
  return Object.entries(schema.properties as Record<string, TSchema>).flatMap(([name, field]) => [
    `${prefix}${name}${required.has(name) ? '' : '?'}`,
    ...fieldsIn(field, `${prefix}${name}.`),
  ]);
}
