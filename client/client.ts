import { type Calls, calls } from './calls.ts';
import { type EventsFrom, type HeardEvent, listen } from './events.ts';
import { type Connection, post, type RepeatedCall } from './post.ts';

export type Client = {
  [Name in keyof Calls]: Call<Name>;
} & {
  /** The same client for a session or a key. */
  withToken(token: string): Client;
  /**
   * What happens in the groups of the caller, as it happens, from a cursor on; without one from now on. Ends when `signal` is
   * aborted, and throws `UnexpectedAnswer` where the server refuses it.
   */
  events(from?: EventsFrom): AsyncGenerator<HeardEvent, void>;
};

/** A call takes its fields, or nothing where none is needed. */
type Call<Name extends keyof Calls> =
  Record<string, never> extends Calls[Name]['input']
    ? (input?: Calls[Name]['input'], how?: CallOptions) => Promise<Result<Name>>
    : (input: Calls[Name]['input'], how?: CallOptions) => Promise<Result<Name>>;

/** The answer, or one of the errors that this call may have: switch on `status`, then on `error_type`. */
export type Result<Name extends keyof Calls> = Calls[Name]['answer'] | Failed<Calls[Name]['error'] | CommonError>;

export type Failed<Token extends string> = {
  status: 'ERROR';
  error_type: Token;
  /** The names of the missing fields, or the value that is wrong. */
  error_subtype?: string | readonly string[];
  /** A sentence for people. */
  message: string;
  /** Where the reference explains it. */
  link?: string;
  request_id?: string;
};

/** What any call may be answered. */
export type CommonError = 'UNAUTHORIZED' | 'BAD_REQUEST' | 'TOO_LARGE' | 'INTERNAL' | 'UNAVAILABLE';

export type CallOptions = { signal?: AbortSignal | undefined };
export type ClientOptions = {
  /** Where the API is, such as https://texting.example. */
  url: string;
  /** A sid or a key. */
  token?: string | undefined;
  /** How often a call that may be repeated is, 3 times where nothing is said. */
  retries?: number;
  /** In place of the platform's own. */
  fetch?: typeof fetch;
};

/**
 * A client with a method for each call. A call that was answered 503 is made again after Retry-After, and one that got no answer
 * where that can do no harm: it reads, or carries an idempotency_key, which is made up where none is given. An error is a result
 * and not thrown; where no answer comes at all, that is thrown.
 */
export function createClient({ url, token, retries = 3, fetch: own = fetch }: ClientOptions): Client {
  const connection: Connection = { url: url.replace(/\/+$/, ''), token: token ?? null, retries, fetch: own };
  const methods = Object.fromEntries(
    Object.entries(calls).map(([name, call]: [string, RepeatedCall]) => [
      name,
      (input: object = {}, how: CallOptions = {}) => post(connection, call, { ...input }, how),
    ]),
  );
  const more = {
    withToken: (other: string) => createClient({ url, token: other, retries, fetch: own }),
    events: (from: EventsFrom = {}) => listen(connection, from),
  };
  // The table of calls has the types of each.
  return { ...methods, ...more } as Client;
}
