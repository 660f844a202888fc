import { catalogue, type ErrorToken } from '../engine/rules/error-catalogue.ts';
import { describeError } from '../engine/rules/errors.ts';
import type { Language } from '../engine/rules/languages/language.ts';

/** The JSON of an error: the sentence of this call or else the catalogue's, in a language, and where the reference explains it. */
export function errorAnswer({
  token,
  subtype,
  says,
  language = 'en',
  errorsUrl,
  requestId,
}: Described): Record<string, unknown> {
  const { http } = catalogue[token];
  return {
    status: 'ERROR',
    error_type: token,
    ...(subtype === undefined ? {} : { error_subtype: subtype }),
    message: describeError({ token, says }, language),
    ...(errorsUrl === undefined ? {} : { link: `${errorsUrl}#${token}` }),
    ...(http >= 500 && requestId !== undefined ? { request_id: requestId } : {}),
  };
}

/** The page of the reference that explains every error. */
export const ERRORS_PATH = '/docs/errors';

type Described = {
  token: ErrorToken;
  subtype?: string | string[] | undefined;
  says?: string | undefined;
  language?: Language | undefined;
  errorsUrl?: string;
  requestId?: string;
};
