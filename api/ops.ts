import { Router } from '@koa/router';
import { type Db, row } from '../db/connect.ts';
import { isCurrent } from '../db/migrate.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { singleFlight } from '../engine/platform/single-flight.ts';
import { withTimeLimit } from '../engine/platform/time-limit.ts';
import { answersOnly } from './methods.ts';
import type { Context, Step } from './step.ts';

/** For operators and load balancers: does the process live, and can it do its work. */
export function ops(runtime: Runtime): Step {
  const router = new Router({ strict: true, sensitive: true });
  // However many ask at once, one look serves them all.
  const readiness = singleFlight(() => readReadiness(runtime));
  router.all('/healthz', (ctx) => {
    name(ctx as Context);
    ctx.body = { status: 'OK' };
  });
  router.all('/readyz', async (ctx) => {
    name(ctx as Context);
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

function name(ctx: Context): void {
  ctx.state.route = ctx.path;
  ctx.state.isRoutine = true;
  // Many balancers ask by HEAD.
  answersOnly(ctx, 'GET', 'HEAD');
}

type Readiness = { missing: 'mysql' | 'schema' | null; degraded: 'redis'[] };

/** Without MySQL or its schema nothing works; without Redis texts are still taken. */
async function readReadiness({ db, redis }: Runtime): Promise<Readiness> {
  const [missing, redisAnswers] = await Promise.all([
    missingOf(db),
    isTrue(redis.ping().then(Boolean), REDIS_TIMEOUT_MS),
  ]);
  return { missing, degraded: redisAnswers ? [] : ['redis'] };
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
