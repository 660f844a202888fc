import { DomainError } from '../../engine/platform/errors.ts';
import type { Step } from '../step.ts';

/** No client sends a Content-Type of more characters, and what reads one may take its time over a long one. */
export const refuseLongTypes: Step = (ctx, next) => {
  if ((ctx.req.headers['content-type']?.length ?? 0) > LONGEST) {
    throw new DomainError('BAD_REQUEST', { subtype: 'content-type' });
  }
  return next();
};

const LONGEST = 200;
