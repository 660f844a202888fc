import type { Step } from '../step.ts';

/** One line for every answer. Of the address only the route: a query string may hold a sid, a PIN or a message. */
export const logAnswer: Step = async (ctx, next) => {
  const start = performance.now();
  await next();
  const { log, route = 'unknown', answered = 'OK' } = ctx.state;
  const level = ctx.status >= 500 ? 'warn' : ctx.state.isRoutine && ctx.status === 200 ? 'debug' : 'info';
  const ms = Math.round(performance.now() - start);
  log[level]({ method: ctx.method, route, status: ctx.status, answered, ms }, 'answered');
};
