import helmet from 'koa-helmet';
import type { Step } from '../step.ts';

/** For responses that are meant for one client and are no page. The reference's pages set a policy of their own. */
export const secureHeaders: Step[] = [
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  }),
  (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    return next();
  },
];
