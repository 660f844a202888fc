/** A client for the group-texting API: no dependency, for browsers and Node. */
export type * from './calls.ts';
export { type Client, type ClientOptions, type CommonError, createClient, type Failed, type Result } from './client.ts';
export type { EventsFrom, HeardEvent } from './events.ts';
export { UnexpectedAnswer } from './post.ts';
