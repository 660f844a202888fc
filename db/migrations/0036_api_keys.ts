import { foreignKey, id, makesTables, ref, time } from './schema.ts';

export default makesTables({
  // Keys by which programs of an account's owner call the API.
  api_keys: [
    `id ${id}`,
    "key_hash BINARY(32) NOT NULL COMMENT 'the key itself is shown once'",
    `person_id ${ref} NOT NULL`,
    `group_id ${ref} NULL COMMENT 'NULL: every group that the person owns'`,
    "access ENUM('read', 'send') NOT NULL COMMENT 'send may read too'",
    'name VARCHAR(50) NOT NULL',
    `created_at ${time} NOT NULL`,
    `used_at ${time} NULL COMMENT 'to the hour'`,
    `revoked_at ${time} NULL`,
    'UNIQUE KEY api_keys_hash (key_hash)',
    'KEY api_keys_person (person_id)',
    foreignKey('api_keys_person', 'person_id', 'people'),
  ],
});
