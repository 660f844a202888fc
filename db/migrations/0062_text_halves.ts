import { makesTables, ref } from './schema.ts';

/** A text that comes again finds what it left, whichever half of it was kept: its guard, or its message. */
export default makesTables({
  inbound_texts: [`group_id ${ref} NULL COMMENT 'it left a message there; NULL: none that is looked for'`],
  messages: [
    "origin BINARY(12) NULL COMMENT 'hash of the carrier’s id of the text that it came by'",
    // First what is never NULL in a row that is looked for: see `foreignKey`.
    'UNIQUE KEY messages_origin (origin, group_id)',
  ],
});
