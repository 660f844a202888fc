import { catalogue, type ErrorToken } from '../rules/error-catalogue.ts';

/** A call or command that is refused with a token of the catalogue. Nothing was changed. */
export class DomainError extends Error {
  override name = 'DomainError';
  readonly token: ErrorToken;
  readonly subtype: string | string[] | undefined;
  /** Seconds after which another try makes sense (THROTTLE, LOCKOUT, UNAVAILABLE). */
  readonly retryAfter: number | undefined;

  constructor(token: ErrorToken, more: { subtype?: string | string[]; retryAfter?: number; cause?: unknown } = {}) {
    super(`${token}: ${catalogue[token].says}`, more.cause === undefined ? {} : { cause: more.cause });
    this.token = token;
    this.subtype = more.subtype;
    this.retryAfter = more.retryAfter;
  }
}

/** Something that a call needs is unavailable (MySQL, Redis for a counted try, a number to hand out). */
export function unavailable(what: string, cause?: unknown): DomainError {
  return new DomainError('UNAVAILABLE', { subtype: what, retryAfter: 5, ...(cause === undefined ? {} : { cause }) });
}
