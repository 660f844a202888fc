import { Router } from '@koa/router';
import { type Db, row } from '../db/connect.ts';
import type { TextClass } from '../db/deliveries/sendable.ts';
import { isCurrent } from '../db/migrate.ts';
import { openOldestSendable } from '../engine/delivery/oldest-sendable.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { singleFlight } from '../engine/platform/single-flight.ts';
import { withTimeLimit } from '../engine/platform/time-limit.ts';
import { answersOnly } from './methods.ts';
import type { RequestContext, Step } from './step.ts';

/** For operators and load balancers: does the process live, and can it do its work. */
export function ops(runtime: Runtime): Step {
  const router = new Router({ strict: true, sensitive: true });
  // However many ask at once, one look serves them all.
  const readiness = singleFlight(() => readReadiness(runtime));
  router.all('/healthz', (ctx) => {
    name(ctx as RequestContext);
    ctx.body = { status: 'OK' };
  });
  router.all('/readyz', async (ctx) => {
    name(ctx as RequestContext);
    const { missing, degraded } = await readiness();
    if (missing === null) {
      ctx.body = { status: 'OK', degraded };
      return;
    }
    ctx.state.answered = 'UNAVAILABLE';
    ctx.status = 503;
    ctx.set('Retry-After', '5');
    ctx.body = {
      status: 'ERROR',
      error_type: 'UNAVAILABLE',
      error_subtype: missing,
      degraded,
      request_id: ctx.state.requestId,
    };
  });
  return router.routes() as Step;
}

const MYSQL_TIMEOUT_MS = 2_000;
const SCHEMA_TIMEOUT_MS = 700;
const REDIS_TIMEOUT_MS = 300;
const SENDABLE_TIMEOUT_MS = 700;
/** A text that could have been sent for longer than this says that something stands still. */
const LONGEST_SENDABLE_MS = { message: 60_000, system_message: 60_000, pin: 30_000 } as const;

function name(ctx: RequestContext): void {
  ctx.state.route = ctx.path;
  ctx.state.isRoutine = true;
  // Many balancers ask by HEAD.
  answersOnly(ctx, 'GET', 'HEAD');
}

/** `degraded`: Redis, and each class of texts whose oldest could have been sent long ago. */
type Readiness = { missing: 'mysql' | 'schema' | null; degraded: ('redis' | TextClass)[] };

/** Without MySQL or its schema nothing works; without Redis texts are still taken. */
export async function readReadiness(runtime: Runtime): Promise<Readiness> {
  const [missing, redisAnswers, late] = await Promise.all([
    missingOf(runtime.db),
    isTrue(runtime.redis.ping().then(Boolean), REDIS_TIMEOUT_MS),
    lateClasses(runtime),
  ]);
  return { missing, degraded: [...(redisAnswers ? [] : (['redis'] as const)), ...late] };
}

/** None where MySQL does not say it in time. */
async function lateClasses(runtime: Runtime): Promise<TextClass[]> {
  const ages = await withTimeLimit(
    SENDABLE_TIMEOUT_MS,
    runtime
      .use(openOldestSendable)
      .read()
      .catch(() => null),
    () => null,
  );
  if (ages === null) return [];
  return (['message', 'system_message', 'pin'] as const).filter((one) => ages[one] > LONGEST_SENDABLE_MS[one]);
}

async function missingOf(db: Db): Promise<Readiness['missing']> {
  if (!(await isTrue(row(db, 'SELECT 1').then(Boolean), MYSQL_TIMEOUT_MS))) return 'mysql';
  return (await isTrue(isCurrent(db), SCHEMA_TIMEOUT_MS)) ? null : 'schema';
}

/** False also for an error, or for no answer in time. */
function isTrue(answer: Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const no = () => false;
  return withTimeLimit(timeoutMs, answer.catch(no), no);
}
