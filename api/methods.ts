import { DomainError } from '../engine/platform/errors.ts';
import type { RequestContext } from './step.ts';

/** Throws METHOD_NOT_ALLOWED for any other method; `Allow` says which ones there are, as RFC 9110 wants. */
export function answersOnly(ctx: Pick<RequestContext, 'method' | 'set'>, ...methods: readonly string[]): void {
  if (methods.includes(ctx.method)) return;
  ctx.set('Allow', methods.join(', '));
  throw new DomainError('METHOD_NOT_ALLOWED');
}
