import { Validator } from '@seriousme/openapi-schema-validator';
import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { expect } from 'chai';
import type { Endpoint } from '../../api/endpoint.ts';
import { documentedEndpoints, endpoints } from '../../api/endpoints/index.ts';
import { describeApi } from '../../api/openapi.ts';
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

  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(reference) as Record<string, unknown>);
    expect(valid, JSON.stringify(errors)).to.equal(true);
  });

  it('says that POST is the way to call, because queries are logged', () => {
    expect(JSON.stringify(reference)).to.match(/Use POST, and let no proxy log queries/);
  });

  it('says which names are refused, with every name that a call takes', () => {
    const text = JSON.stringify(reference);
    expect(text).to.include(
      'The name of the new member. BAD_REQUEST for one that begins with a star, reads as a phone',
    );
    expect(text).to.include('The name of the group. BAD_REQUEST for one that reads as a phone number, holds a web');
  });

  it('has every endpoint by GET and by POST, and nothing else', () => {
    expect(Object.keys(reference.paths)).to.deep.equal(endpoints.map(({ url }) => url));
    for (const path of Object.values(reference.paths)) expect(Object.keys(path)).to.deep.equal(['get', 'post']);
  });

  it('takes the same fields by query, form and JSON as the declaration, each with a sentence', () => {
    for (const endpoint of endpoints) {
      const { get, post } = reference.paths[endpoint.url] ?? {};
      const declared = parametersOf(endpoint).map((name) => name.replace(/_N$/, '_0'));
      const needed = declared.filter((name) => !/\?$|_0$/.test(name) && !isOptionalSid(endpoint, name));
      const names = declared.map((name) => name.replace('?', ''));
      expect(
        get?.parameters?.map(({ name }) => name),
        endpoint.url,
      ).to.deep.equal(names);
      expect(get?.parameters?.filter(({ required }) => required).map(({ name }) => name)).to.deep.equal(needed);
      for (const { schema } of Object.values(post?.requestBody?.content ?? {})) {
        expect(Object.keys(schema.properties), endpoint.url).to.deep.equal(names);
        expect(schema.required).to.deep.equal(needed);
        for (const { description } of Object.values(schema.properties)) expect(description).to.be.a('string').not.empty;
      }
      expect(Object.keys(post?.requestBody?.content ?? {})).to.have.length(2);
    }
  });

  it('shows the same answer by GET and by POST, with the declared fields', () => {
    for (const { url, answer } of endpoints) {
      const { get, post } = reference.paths[url] ?? {};
      expect(get?.responses).to.deep.equal(post?.responses);
      const { schema } = get?.responses[200].content['application/json'] ?? {};
      const ok = schema?.oneOf?.[0] ?? schema;
      expect(Object.keys(ok?.properties ?? {}), url).to.deep.equal(['status', ...Object.keys(answer.properties)]);
    }
  });

  it('explains every error of every call with a sentence and an example', () => {
    for (const { url, errors } of endpoints) {
      const examples = reference.paths[url]?.get.responses[200].content['application/json'].examples ?? {};
      expect(Object.keys(examples), url).to.deep.equal(['OK', ...Object.keys(errors)]);
      for (const [token, { summary, value }] of Object.entries(examples).slice(1)) {
        expect(summary.length, `${url} ${token}`).to.be.greaterThan(10);
        expect(value).to.include({ status: 'ERROR', error_type: token });
      }
    }
  });

  it('shows an answer that fits, for every call', () => {
    for (const { url, answer } of endpoints) {
      const { OK } = reference.paths[url]?.get.responses[200].content['application/json'].examples ?? {};
      expect([...TypeCompiler.Compile(answer).Errors(OK?.value)], url).to.deep.equal([]);
    }
  });

  it('names every error of the request itself', () => {
    const ownErrors = Object.entries(catalogue).filter(([token, { http }]) => http !== 200 && token !== 'FORBIDDEN');
    const statuses = Object.keys(reference.components.responses).map(Number);
    expect(statuses).to.include.members(ownErrors.map(([, { http }]) => http));
  });
});

type Reference = {
  paths: Record<string, { get: Operation; post: Operation }>;
  components: { responses: Record<string, unknown> };
};
type Example = { summary: string; value: object };
type Operation = {
  parameters?: { name: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: Fields & { required: string[] } }> };
  responses: { 200: { content: { 'application/json': { schema: Answer; examples?: Record<string, Example> } } } };
};
type Fields = { properties: Record<string, { description: string }> };
type Answer = Partial<Fields> & { oneOf?: Fields[] };

/** A call with a PIN in place of a sid, and one that is not asked who is calling. */
function isOptionalSid({ session }: Endpoint, name: string): boolean {
  return name === 'sid' && session !== 'required';
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
