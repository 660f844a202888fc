import type { Runtime } from '../../engine/platform/runtime.ts';
import type { Step } from '../step.ts';

/**
 * Behind a proxy every client has the proxy's address: limits that count by address then lock everybody out together. Says
 * so once in a process.
 */
export function warnOfProxy({ config, log }: Runtime): Step {
  let isSaid = config.TRUST_PROXY;
  return (ctx, next) => {
    if (!isSaid && ctx.req.headers['x-forwarded-for'] !== undefined) {
      isSaid = true;
      log.error(
        { header: 'X-Forwarded-For', setting: 'TRUST_PROXY' },
        'a request came through a proxy while TRUST_PROXY is 0, so all its clients count as one address: set TRUST_PROXY=1',
      );
    }
    return next();
  };
}
