import type { Logger } from '../../engine/platform/logger.ts';
import type { Step } from '../step.ts';

/** One line for every answer. Of the address only the route: a query string may hold a sid, a PIN or a message. */
export function logAnswer(log: Logger): Step {
  return async (ctx, next) => {
    const start = performance.now();
    await next();
    const { route = 'unknown', answered = 'OK' } = ctx.state;
    const level = ctx.status >= 500 ? 'warn' : ctx.state.isRoutine && ctx.status === 200 ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    const ms = Math.round(performance.now() - start);
    ctx.state.log[level]({ method: ctx.method, route, status: ctx.status, answered, ms }, 'answered');
  };
}
