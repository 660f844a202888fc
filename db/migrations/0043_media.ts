import { foreignKey, id, makesTables, ref, time, token } from './schema.ts';

export default makesTables({
  // Pictures and the like that apps uploaded. Their contents are in the store under their name; a message that has one holds the name.
  media: [
    `id ${id}`,
    `person_id ${ref} NOT NULL COMMENT 'who uploaded it'`,
    `name ${token(40)} NOT NULL COMMENT 'in the store; cannot be guessed'`,
    'bytes INT UNSIGNED NOT NULL',
    `delete_at ${time} NULL COMMENT 'NULL: it was sent, and is kept as long as texts are'`,
    `created_at ${time} NOT NULL`,
    'KEY media_person (person_id)',
    'KEY media_unsent (person_id, delete_at)',
    'KEY media_delete (delete_at)',
    'KEY media_age (created_at)',
    foreignKey('media_person', 'person_id', 'people'),
  ],
});
