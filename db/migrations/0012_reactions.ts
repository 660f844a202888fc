import { foreignKey, makesTables, ref, time } from './schema.ts';

export default makesTables({
  // What handsets send as `Liked “…”`: one for each member and message, as their handsets have it.
  reactions: [
    `message_id ${ref} NOT NULL COMMENT 'row of messages'`,
    `member_id ${ref} NOT NULL COMMENT 'membership'`,
    `reaction VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'an emoji'`,
    `reacted_at ${time} NOT NULL`,
    'PRIMARY KEY (message_id, member_id)',
    'KEY reactions_member (member_id)',
    foreignKey('reactions_message', 'message_id', 'messages'),
    foreignKey('reactions_member', 'member_id', 'memberships'),
  ],
});
