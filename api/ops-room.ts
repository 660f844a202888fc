import { isMainPassword } from '../engine/people/operators.ts';
import { countOperator } from '../engine/people/throttle.ts';
import { DomainError } from '../engine/platform/errors.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { MAIN_OPERATOR } from '../engine/rules/operators.ts';
import { clientAddress } from './address.ts';
import { showConsole, signedIn } from './console/console.ts';
import { answersOnly } from './methods.ts';
import { type Metrics, showMetrics } from './ops-metrics.ts';
import { showQueues } from './ops-queues.ts';
import { showTrace } from './ops-trace.ts';
import type { RequestContext, Step } from './step.ts';

/** What only operators see, under /ops: behind a password, and not there at all where none is set. */
export function opsRoom(runtime: Runtime, metrics: Metrics): Step {
  const { OPS_PASSWORD: password } = runtime.config;
  if (password === '') return (_ctx, next) => next();
  return async (ctx, next) => {
    const { path } = ctx;
    if (path !== '/ops' && !path.startsWith('/ops/')) return next();
    ctx.state.route = 'ops';
    ctx.state.isRoutine = true;
    if (await showConsole(runtime, ctx)) return;
    await refuseStrangers(runtime, ctx);
    const show = pages[path];
    if (show === undefined) return next();
    answersOnly(ctx, 'GET');
    ctx.state.route = path;
    return show({ runtime, metrics, ctx });
  };
}

const pages: Record<string, (page: { runtime: Runtime; metrics: Metrics; ctx: RequestContext }) => Promise<void>> = {
  '/ops/metrics': ({ metrics, ctx }) => showMetrics(metrics, ctx),
  '/ops/queues': ({ runtime, ctx }) => showQueues(runtime, ctx),
  '/ops/trace': ({ runtime, ctx }) => showTrace(runtime, ctx),
};

/** For programs, by OPS_PASSWORD with each request; who is signed in to the console needs none. */
async function refuseStrangers(runtime: Runtime, ctx: RequestContext): Promise<void> {
  if (ctx.headers.authorization === undefined && (await signedIn(runtime, ctx)) !== null) return;
  const counted = await countOperator(runtime, clientAddress(ctx.req, { trustProxy: runtime.config.TRUST_PROXY }));
  if (!isOperator(runtime, ctx)) {
    ctx.set('WWW-Authenticate', 'Basic realm="ops", charset="UTF-8"');
    throw new DomainError('UNAUTHORIZED');
  }
  await counted.giveBack();
}

function isOperator(runtime: Runtime, { req }: RequestContext): boolean {
  const [, sent = ''] = /^Basic ([\w+/=-]{1,2000})$/i.exec(req.headers.authorization ?? '') ?? [];
  const [name, ...password] = Buffer.from(sent, 'base64').toString('utf8').split(':');
  return isMainPassword(runtime, password.join(':')) && name === MAIN_OPERATOR;
}
