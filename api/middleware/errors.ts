import { DatabaseUnavailable } from '../../db/connect.ts';
import { OutcomeUnknown } from '../../db/errors.ts';
import { BadWebhook } from '../../engine/carriers/carrier.ts';
import { DomainError, unavailable } from '../../engine/platform/errors.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { publicUrlOf } from '../../engine/platform/webhook-urls.ts';
import { catalogue } from '../../engine/rules/error-catalogue.ts';
import { ERRORS_PATH, errorAnswer } from '../error-answer.ts';
import { acceptedLanguage } from '../languages.ts';
import type { RequestContext, Step } from '../step.ts';

/** Turns whatever was thrown into the answer of the contract. What nobody expected is logged, never shown. */
export function answerErrors({ config }: Pick<Runtime, 'config'>): Step {
  const errorsUrl = publicUrlOf(config.PUBLIC_URL, ERRORS_PATH);
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      answerError(ctx, asDomainError(error, ctx), errorsUrl);
    }
  };
}

/** For what no step before has answered. */
export const unknownUrl: Step = () => {
  throw new DomainError('UNKNOWN_URL');
};

function answerError(ctx: RequestContext, { token, subtype, retryAfter }: DomainError, errorsUrl: string): void {
  const { http } = catalogue[token];
  ctx.status = http;
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
  // The rest of a body that was too large is not read, so nothing else can come over this connection.
  if (token === 'TOO_LARGE') ctx.set('Connection', 'close');
  const { says, requestId, language = acceptedLanguage(ctx.req.headers['accept-language']) } = ctx.state;
  ctx.body = errorAnswer({ token, subtype, says, language, errorsUrl, requestId });
  ctx.state.answered = token;
}

function asDomainError(error: unknown, ctx: RequestContext): DomainError {
  if (error instanceof DomainError) {
    if (error.cause !== undefined)
      ctx.state.log.warn({ refused: error.token, fault: describe(error.cause) }, 'a call was refused');
    return error;
  }
  if (error instanceof BadWebhook) return new DomainError('BAD_REQUEST', { subtype: error.field });
  if (error instanceof DatabaseUnavailable) {
    ctx.state.log.warn({ fault: describe(error) }, 'MySQL was unavailable');
    return unavailable(error instanceof OutcomeUnknown ? 'outcome' : 'mysql', error);
  }
  ctx.state.log.error({ fault: describe(error) }, 'a request failed');
  return new DomainError('INTERNAL');
}

/** What a log may say of an error. MySQL's messages quote the values of the statement, so of them only the number. */
export function describe(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { errno, code } = error as { errno?: unknown; code?: unknown };
  const at = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const fromMySql = 'sqlState' in error || 'sqlMessage' in error;
  return {
    kind: error.name,
    ...(fromMySql ? {} : { message: error.message }),
    ...(code === undefined ? {} : { code }),
    ...(errno === undefined ? {} : { errno }),
    at: at?.map((line) => line.trim()),
  };
}
