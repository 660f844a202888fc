import { foreignKey, makesTables, ref } from './schema.ts';

/**
 * What a member may read is counted and read from indexes alone: where they were there is kept in the group's message ids
 * too, and how many they could read up to a message.
 */
export default makesTables({
  membership_spans: [
    `from_message INT UNSIGNED NULL COMMENT 'the group’s last message id before it; NULL: look it up by the version'`,
    `until_message INT UNSIGNED NULL COMMENT 'likewise the last in it'`,
  ],
  messages: [
    'KEY messages_said_to (group_id, to_id, message_id)',
    // MySQL checks the sender by the first of its keys, and skips rows with a NULL in that.
    'KEY messages_from (sender_id, id)',
    'KEY messages_said_by (sender_id, message_id)',
  ],
  message_counts: [
    `membership_id ${ref} NOT NULL PRIMARY KEY`,
    `upto_message INT UNSIGNED NOT NULL`,
    `readable INT UNSIGNED NOT NULL COMMENT 'messages up to that one which the member may read'`,
    foreignKey('counts_membership', 'membership_id', 'memberships'),
  ],
});
