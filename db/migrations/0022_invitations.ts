import { foreignKey, id, makesTables, ref, time, token } from './schema.ts';

export default makesTables({
  // Who was asked to join a group, and is no member before their YES.
  invitations: [
    `id ${id}`,
    `group_id ${ref} NOT NULL`,
    `person_id ${ref} NOT NULL`,
    `code ${token(8)} NOT NULL COMMENT 'YES and this code answers it'`,
    'name VARCHAR(30) NULL',
    "asked VARCHAR(500) NOT NULL COMMENT 'our text'",
    `expires_at ${time} NOT NULL`,
    'UNIQUE KEY invitations_once (person_id, group_id)',
    'KEY invitations_group (group_id)',
    'KEY invitations_age (expires_at)',
    foreignKey('invitations_group', 'group_id', 'groups'),
    foreignKey('invitations_person', 'person_id', 'people'),
  ],
});
