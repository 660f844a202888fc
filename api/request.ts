import type { Logger } from '../engine/platform/logger.ts';

/** What a handler may know of the HTTP request. */
export type Request = {
  /** Also in X-Request-Id and in every log line of this request. */
  id: string;
  /** The client's address, as far as it can be trusted. */
  address: string;
  /** What `Authorization: Bearer` holds: a sid or a key. */
  bearer: string | null;
  log: Logger;
};
