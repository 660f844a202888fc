import { makesTables, time } from './schema.ts';

export default makesTables({
  // What the API has done lately: tells whether a COMMIT that nobody answered happened, and that a call is a repeat.
  done_calls: [
    `token BINARY(16) NOT NULL PRIMARY KEY COMMENT 'random, or made of the idempotency key that the client sent'`,
    `answer TEXT NULL COMMENT 'JSON; what a repeat is answered where it is more than OK'`,
    `created_at ${time} NOT NULL DEFAULT CURRENT_TIMESTAMP(3)`,
    'KEY done_calls_created (created_at)',
  ],
});
