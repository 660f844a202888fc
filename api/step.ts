import type { Middleware, ParameterizedContext } from 'koa';
import type { Logger } from '../engine/platform/logger.ts';
import type { Language } from '../engine/rules/languages/language.ts';

type State = {
  requestId: string;
  log: Logger;
  /** The URL as it was declared, once it is known. */
  route?: string;
  /** The error token of the answer, for the log. */
  answered?: string;
  /** What the call says of its error, where that is not the catalogue's sentence. */
  says?: string | undefined;
  /** Who calls, once it is known. */
  personId?: number;
  /** In which language they are told of an error, where it is known. */
  language?: Language;
  /** Comes so often that the log does not need a line for each that went well. */
  isRoutine?: boolean;
  /** A refused webhook: the carrier whose signature it should have had, and what is wrong. */
  forged?: { carrier: string; why: string };
};

/** One request on its way through the middleware. */
export type RequestContext = ParameterizedContext<State>;
export type Step = Middleware<State>;
