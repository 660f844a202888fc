import { Router } from '@koa/router';
import { countCall } from '../engine/people/throttle.ts';
import { DomainError } from '../engine/platform/errors.ts';
import { type FairLane, openFairLane } from '../engine/platform/fair-lane.ts';
import { DB_CONNECTIONS, type Runtime } from '../engine/platform/runtime.ts';
import { clientAddress } from './address.ts';
import { bearerOf, findCaller, refuseBeyondKey } from './caller.ts';
import { wholeOrNothing, withinDeadline } from './deadline.ts';
import type { Endpoint } from './endpoint.ts';
import { type FieldMap, MOST_FIELDS, readFields } from './fields.ts';
import { learnLanguage } from './languages.ts';
import { answersOnly } from './methods.ts';
import { readBody } from './middleware/body.ts';
import { LOOKUP_TOKENS, readParameters } from './parameters.ts';
import { phoneSettings } from './phone-settings.ts';
import { withRepeatKey } from './repeat-key.ts';
import type { Request } from './request.ts';
import type { Findings } from './scalars.ts';
import type { RequestContext, Step } from './step.ts';

/** Routes for the endpoints: GET with a query string, POST with a form or JSON body, nothing else. */
export function mount(runtime: Runtime, endpoints: readonly Endpoint[]): Step {
  const router = new Router({ strict: true, sensitive: true });
  for (const endpoint of endpoints) router.all(endpoint.url, (ctx) => answer(runtime, endpoint, ctx as RequestContext));
  return router.routes() as Step;
}

async function answer(runtime: Runtime, endpoint: Endpoint, ctx: RequestContext): Promise<void> {
  ctx.state.route = endpoint.url;
  answersOnly(ctx, 'GET', 'POST');
  const request: Request = {
    id: ctx.state.requestId,
    address: clientAddress(ctx.req, { trustProxy: runtime.config.TRUST_PROXY }),
    bearer: bearerOf(ctx.req.headers.authorization),
    log: ctx.state.log,
  };
  const fields = await fieldsOf(ctx, endpoint, await mostBytesOf(runtime, endpoint, request));
  try {
    const fieldsOfAnswer = await wholeOrNothing(
      () => call(runtime, { endpoint, fields, request, state: ctx.state }),
      endpoint.timeoutMs,
    );
    ctx.body = { status: 'OK', ...fieldsOfAnswer };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    ctx.state.says = endpoint.errors[error.token]?.says;
    await learnLanguage(runtime, ctx.state, error);
    throw asDocumented(error, endpoint);
  }
}

/** A body that is larger than usual is read from nobody but who is known before it. */
async function mostBytesOf(runtime: Runtime, endpoint: Endpoint, request: Request): Promise<number | undefined> {
  if (endpoint.mostBytes === undefined || request.bearer === null) return undefined;
  await withinDeadline(findCaller(runtime, { endpoint, fields: new Map(), request, phones: phoneSettings(runtime) }));
  return endpoint.mostBytes;
}

async function fieldsOf(
  { req, method, querystring: query }: RequestContext,
  endpoint: Endpoint,
  mostBytes: number | undefined,
): Promise<FieldMap> {
  const body = method === 'POST' ? await readBody(req, mostBytes) : NOTHING;
  const fields = readFields({
    query,
    body,
    contentType: req.headers['content-type'],
    most: mostFields(endpoint),
    pairs: pairsIn(endpoint),
  });
  const { 'idempotency-key': key } = req.headers;
  return withRepeatKey(fields, endpoint, typeof key === 'string' ? key : undefined);
}

/** The name of the list of members that this call takes in JSON. */
function pairsIn({ parameters }: Endpoint): string | undefined {
  return Object.keys(parameters).find((name) => parameters[name]?.kind === 'pairs');
}

/** A list of members has a name and a number for each. */
function mostFields({ parameters }: Endpoint): number {
  const inPairs = Object.values(parameters).map((row) => (row.kind === 'pairs' ? 2 * (row.highest + 1) : 0));
  return inPairs.reduce((sum, fields) => sum + fields, MOST_FIELDS);
}

const NOTHING = Buffer.alloc(0);

/** One call, from its fields to the fields of its answer, in the contract's order of "Which error wins". */
async function call(runtime: Runtime, { endpoint, fields, request, state }: Call): Promise<Record<string, unknown>> {
  const phones = phoneSettings(runtime);
  const session = await findCaller(runtime, { endpoint, fields, request, phones });
  if (session !== null) state.personId = session.personId;
  const found = readParameters(endpoint.parameters, fields, phones);
  const isMissing = found.missing.length > 0;
  if (isMissing && !isWaivable(endpoint, found)) throw new DomainError('MISSING_FIELDS', { subtype: found.missing });
  if (endpoint.throttled && (isMissing || !hasBadPhone(endpoint, found))) {
    const { url, uncountedWithoutRedis = false } = endpoint;
    await countCall(runtime, { url, address: request.address, uncountedWithoutRedis });
  }
  if (isMissing && !(await endpoint.waives?.({ runtime, params: found.params }))) {
    throw new DomainError('MISSING_FIELDS', { subtype: found.missing });
  }
  refuseWrong(found);
  if (session !== null) await refuseBeyondKey(runtime, session, found.params);
  const handle = () => endpoint.handle({ runtime, session, params: found.params, request });
  return session === null ? runtime.use(openStrangersLane).run(request.address, handle) : handle();
}

/**
 * Calls without a session wait for each other, and for the lock of the budgets: however many come, most of the connections to
 * MySQL stay with members and their texts.
 */
function openStrangersLane({ config }: Runtime): FairLane {
  const connections = config.MYSQL_CONNECTIONS || DB_CONNECTIONS.web;
  return openFairLane({ atOnce: Math.max(1, Math.floor(connections / 4)), waitMs: 2_500 });
}

type Call = { endpoint: Endpoint; fields: FieldMap; request: Request; state: RequestContext['state'] };

/** Nothing is missing but what this call can perhaps do without. */
function isWaivable({ parameters }: Endpoint, { missing }: Findings): boolean {
  return missing.every((name) => {
    const row = parameters[name];
    return row !== undefined && row.kind !== 'pairs' && row.waivable === true;
  });
}

/** A call whose own number is unreadable is answered at once; any other is counted before it learns anything. */
function hasBadPhone({ parameters }: Endpoint, { wrong }: Findings): boolean {
  return wrong.some(({ parameter }) => parameters[parameter]?.kind === 'phone');
}

function refuseWrong({ wrong }: Findings): void {
  const first = wrong.find(({ wrong: token }) => !LOOKUP_TOKENS.has(token)) ?? wrong[0];
  if (first === undefined) return;
  throw new DomainError(first.wrong, first.subtype === undefined ? {} : { subtype: first.subtype });
}

/** An error has a subtype only where the document gives it one for this call. */
function asDocumented(error: DomainError, { errors }: Endpoint): DomainError {
  const note = errors[error.token];
  if (note === undefined || note.subtype !== undefined || error.subtype === undefined) return error;
  const { token, retryAfter, cause } = error;
  return new DomainError(token, { ...(retryAfter === undefined ? {} : { retryAfter }), cause });
}
