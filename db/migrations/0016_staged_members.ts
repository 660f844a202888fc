import { foreignKey, makesTables, phone, ref } from './schema.ts';

export default makesTables({
  // Whom the creator of a staged group named. They become people and members when it is turned on.
  staged_members: [
    `group_id ${ref} NOT NULL`,
    'position INT UNSIGNED NOT NULL',
    `phone ${phone} NOT NULL`,
    'name VARCHAR(30) NULL',
    'PRIMARY KEY (group_id, position)',
    foreignKey('staged_members_group', 'group_id', 'groups'),
  ],
});
