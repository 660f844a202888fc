import { foreignKey, id, makesTables, ref, time } from './schema.ts';

export default makesTables({
  // Some members of a group under a name: @NAME texts them alone.
  lists: [
    `id ${id}`,
    `group_id ${ref} NOT NULL`,
    'name VARCHAR(20) NOT NULL',
    "name_key VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'NFKC, folded'",
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY lists_name (group_id, name_key)',
    foreignKey('lists_group', 'group_id', 'groups'),
  ],
  list_members: [
    `list_id ${ref} NOT NULL`,
    `member_id ${ref} NOT NULL COMMENT 'membership'`,
    'PRIMARY KEY (list_id, member_id)',
    'KEY list_members_member (member_id)',
    `${foreignKey('list_members_list', 'list_id', 'lists')} ON DELETE CASCADE`,
    foreignKey('list_members_member', 'member_id', 'memberships'),
  ],
  // Whom a message to a list is for: those who were on it when it was accepted. Its own row is to its sender.
  list_messages: [
    `member_id ${ref} NOT NULL COMMENT 'membership'`,
    "message_id INT UNSIGNED NOT NULL COMMENT 'in its group'",
    `row_id ${ref} NOT NULL COMMENT 'row of messages'`,
    'PRIMARY KEY (member_id, message_id)',
    'KEY list_messages_row (row_id)',
    foreignKey('list_messages_member', 'member_id', 'memberships'),
    foreignKey('list_messages_row', 'row_id', 'messages'),
  ],
});
