import { id, makesTables, time, token } from './schema.ts';

export default makesTables({
  // What operators did, only ever added to: written before the act, so that one that died half-way is seen too.
  audit: [
    `id ${id}`,
    `began_at ${time} NOT NULL`,
    'who VARCHAR(100) NOT NULL',
    `act ${token(60)} NOT NULL COMMENT 'the words of the command'`,
    "words TEXT NOT NULL COMMENT 'JSON: arguments and options'",
    'reason VARCHAR(200) NULL',
    "outcome ENUM('begun', 'done', 'failed') NOT NULL",
    'KEY audit_began (began_at)',
  ],
});
