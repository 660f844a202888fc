import { foreignKey, makesTables, ref, time } from './schema.ts';

export default makesTables({
  // Media that came in by MMS and are at the carrier still. A row goes when its copy is in the store, or none can be made.
  media_copies: [
    `message_id ${ref} NOT NULL COMMENT 'row of messages'`,
    "place TINYINT UNSIGNED NOT NULL COMMENT 'in the list of its media, from 0'",
    'tries SMALLINT UNSIGNED NOT NULL DEFAULT 0',
    `due_at ${time} NOT NULL COMMENT 'of the next try; while one runs, when it is taken for dead'`,
    'PRIMARY KEY (message_id, place)',
    'KEY media_copies_due (due_at)',
    foreignKey('media_copies_message', 'message_id', 'messages'),
  ],
});
