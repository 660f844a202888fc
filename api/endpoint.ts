import type { Static, TObject, TProperties } from '@sinclair/typebox';
import type { Session } from '../engine/people/sessions.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import type { KeyAccess } from '../engine/rules/api-keys.ts';
import type { ErrorToken } from '../engine/rules/error-catalogue.ts';
import type { ParametersOf, ParameterTable } from './parameters.ts';
import type { Request } from './request.ts';

/**
 * An endpoint, declared once: validation and its order, the types of its parameters, the API reference and the tests
 * all come from this. Parameters stand in the order of the document; the sid is not among them, `session` says it.
 */
export function endpoint<const P extends ParameterTable, A extends TProperties, S extends SessionNeed>(
  declared: Declaration<P, A, S>,
): Endpoint {
  return declared as unknown as Endpoint;
}

export type Declaration<P extends ParameterTable, A extends TProperties, S extends SessionNeed> = {
  url: `/${string}`;
  /** What programs call it: the operation of the reference, the method of the client. */
  name: string;
  /** It changes nothing, so that a client whose answer was lost may ask again. */
  reads?: true;
  summary: string;
  /** More for the reference: whatever the document does not say. */
  notes?: string;
  session: S;
  /**
   * What a key needs for this call, whose group is the parameter `number`, or which keeps to the groups of the key by itself;
   * left out where it is not for keys.
   */
  keys?: KeyAccess;
  parameters: P;
  /** Counted by client address before anything is looked up. */
  throttled?: boolean;
  /**
   * May the waivable fields be left out? Asked only where nothing else is missing, and after the call was counted,
   * because the answer tells something of a group.
   */
  waives?(call: { runtime: Runtime; params: Record<string, unknown> }): Promise<boolean>;
  /** While Redis is unavailable the call goes on uncounted: the throttle saves our effort and guards no secret. */
  uncountedWithoutRedis?: boolean;
  /** How large a body may be of who names themself in the header Authorization, where that is more than usual. */
  mostBytes?: number;
  /** How long an answer may take, in ms, where somebody else’s server takes its time; else 2,800. */
  timeoutMs?: number;
  /** What comes back beside `status`. */
  answer: TObject<A>;
  errors: Errors;
  handle(call: {
    runtime: Runtime;
    session: SessionFor[S];
    params: ParametersOf<P>;
    request: Request;
  }): Promise<Static<TObject<A>>>;
};

/** `requiredOrPin`: a PIN of `send_pin` and the number it went to may stand in for the sid. */
export type SessionNeed = keyof SessionFor;
type SessionFor = { none: null; optional: Session | null; required: Session; requiredOrPin: Session };

/** The tokens that a call may answer, in the document's order. */
export type Errors = Partial<Record<ErrorToken, ErrorNote>>;
export type ErrorNote = {
  /** Where the catalogue's sentence does not fit this call. */
  says?: string;
  /** What error_subtype holds; it is left out of answers where this is not given. */
  subtype?: 'fields' | 'number' | 'name' | 'time' | 'reason';
};

/** An endpoint as the machinery sees it, whatever its parameters are. */
export type Endpoint = {
  url: string;
  name: string;
  reads?: true;
  summary: string;
  notes?: string;
  session: SessionNeed;
  keys?: KeyAccess;
  parameters: ParameterTable;
  throttled?: boolean;
  waives?(call: { runtime: Runtime; params: Record<string, unknown> }): Promise<boolean>;
  uncountedWithoutRedis?: boolean;
  mostBytes?: number;
  timeoutMs?: number;
  answer: TObject;
  errors: Errors;
  handle(call: {
    runtime: Runtime;
    session: Session | null;
    params: Record<string, unknown>;
    request: Request;
  }): Promise<Record<string, unknown>>;
};
