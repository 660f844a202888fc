import { flag, foreignKey, id, makesTables, phone, ref, time, token } from './schema.ts';

export default makesTables({
  // Every inbound text that was signed, kept for good: its carrier id is the guard against repeats and replays.
  inbound_texts: [
    `carrier_id ${token(64)} NOT NULL PRIMARY KEY`,
    `phone ${phone} NOT NULL`,
    `text_hash BINARY(8) NULL COMMENT 'the same for the same text'`,
    `received_at ${time} NOT NULL`,
    'KEY inbound_phone (phone, received_at)',
    'KEY inbound_same (phone, text_hash, received_at)',
  ],
  /*
   * What was said in a group (`said`, has a message_id), and our own texts (`notice`: welcomes, answers, PINs).
   * `pending` is 1 until the deliveries are written, 2 while some of them wait for a sending slot, NULL after that.
   */
  messages: [
    `id ${id}`,
    `kind ENUM('said', 'notice') NOT NULL`,
    `group_id ${ref} NULL`,
    'message_id INT UNSIGNED NULL',
    `sender_id ${ref} NULL COMMENT 'membership'`,
    `to_id ${ref} NULL COMMENT 'membership, where the message is for one member only'`,
    'roster_version INT UNSIGNED NULL',
    'text MEDIUMTEXT NOT NULL',
    `media TEXT NULL COMMENT 'JSON list of addresses'`,
    `cc ${flag}`,
    `urgent ${flag}`,
    `anyway ${flag} COMMENT 'the one confirmation of a STOP goes to a blocked phone'`,
    'pending TINYINT UNSIGNED NULL',
    `wipe_at ${time} NULL COMMENT 'a PIN is in the text: not kept longer than it is good for'`,
    `accepted_at ${time} NOT NULL`,
    // First of those with the group: see `foreignKey`.
    'UNIQUE KEY messages_group (group_id, id)',
    'UNIQUE KEY messages_number (group_id, message_id)',
    'KEY messages_pending (pending, id)',
    'KEY messages_unwritten (group_id, pending)',
    'KEY messages_wipe (wipe_at)',
    foreignKey('messages_group', 'group_id', 'groups'),
    foreignKey('messages_sender', 'sender_id', 'memberships'),
    foreignKey('messages_to', 'to_id', 'memberships'),
  ],
  schedules: [
    `id ${id}`,
    `group_id ${ref} NOT NULL`,
    'text MEDIUMTEXT NOT NULL',
    `cc ${flag}`,
    `send_at ${time} NOT NULL`,
    `message_id ${ref} NULL COMMENT 'row of messages, once it was sent'`,
    `ended_at ${time} NULL COMMENT 'sent, deleted or dropped'`,
    `created_at ${time} NOT NULL`,
    // First of those with the group: see `foreignKey`.
    'KEY schedules_all (group_id, id)',
    'KEY schedules_group (group_id, ended_at, send_at)',
    'KEY schedules_due (ended_at, send_at)',
    foreignKey('schedules_group', 'group_id', 'groups'),
  ],
  // Broadcasts whose owner is to hear what became of them.
  digests: [
    `message_id ${ref} NOT NULL PRIMARY KEY COMMENT 'row of messages'`,
    `due_at ${time} NOT NULL COMMENT 'told by then, whatever is still open'`,
    foreignKey('digests_message', 'message_id', 'messages'),
  ],
});
