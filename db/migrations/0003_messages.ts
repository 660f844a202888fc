import { flag, id, makesTables, phone, ref, time, token } from './tables.ts';

export default makesTables({
  // Every inbound text that was signed, kept for good: its carrier id is the guard against repeats and replays.
  inbound_texts: [
    `carrier_id ${token(64)} NOT NULL PRIMARY KEY`,
    `phone ${phone} NOT NULL`,
    `number ${phone} NOT NULL`,
    `verdict ${token(20)} NOT NULL COMMENT 'message, command, keyword, hint, dropped …'`,
    `received_at ${time} NOT NULL`,
    'KEY inbound_phone (phone, received_at)',
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
    'UNIQUE KEY messages_number (group_id, message_id)',
    'KEY messages_pending (pending, id)',
    'KEY messages_wipe (wipe_at)',
    'CONSTRAINT messages_group FOREIGN KEY (group_id) REFERENCES `groups` (id)',
    'CONSTRAINT messages_sender FOREIGN KEY (sender_id) REFERENCES memberships (id)',
    'CONSTRAINT messages_to FOREIGN KEY (to_id) REFERENCES memberships (id)',
  ],
  /*
   * One text to one phone. A long message goes out in several parts. `queued_at` is NULL while it waits for a
   * sending slot; `due_at` is when the sweeper has to look at it, NULL when nothing more is expected.
   */
  deliveries: [
    `message_id ${ref} NOT NULL COMMENT 'row of messages'`,
    `person_id ${ref} NOT NULL`,
    'part TINYINT UNSIGNED NOT NULL DEFAULT 0',
    `number_id ${ref} NOT NULL`,
    `membership_id ${ref} NULL`,
    `state ENUM('queued', 'sending', 'unknown', 'sent', 'delivered', 'undelivered', 'failed', 'skipped') NOT NULL`,
    `attempt SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'the latest try'`,
    `pauses SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'tries that met a paused account'`,
    `fates ${token(255)} NOT NULL DEFAULT '' COMMENT 'the last report on each try'`,
    `claim ${token(30)} NULL COMMENT 'which worker has this try'`,
    'error_code SMALLINT UNSIGNED NULL',
    'reason VARCHAR(200) NULL',
    `carrier_id ${token(64)} NULL`,
    `cost INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'pennies that one try costs the owner'`,
    `charged INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'pennies paid for it so far, less refunds'`,
    `queued_at ${time} NULL`,
    `due_at ${time} NULL`,
    `created_at ${time} NOT NULL`,
    `sent_at ${time} NULL`,
    `ended_at ${time} NULL`,
    'PRIMARY KEY (message_id, person_id, part)',
    'KEY deliveries_due (due_at)',
    'CONSTRAINT deliveries_message FOREIGN KEY (message_id) REFERENCES messages (id)',
    'CONSTRAINT deliveries_person FOREIGN KEY (person_id) REFERENCES people (id)',
    'CONSTRAINT deliveries_number FOREIGN KEY (number_id) REFERENCES numbers (id)',
  ],
  // One row (id 1) while the carrier refuses everything: no credit, account disabled.
  carrier_pauses: [
    'id TINYINT UNSIGNED NOT NULL PRIMARY KEY',
    'error_code SMALLINT UNSIGNED NOT NULL',
    `since ${time} NOT NULL`,
    `until ${time} NOT NULL`,
  ],
  // Hints and explanations that a phone gets at most once a day.
  hints: [
    `person_id ${ref} NOT NULL`,
    `subject ${token(40)} NOT NULL`,
    'day DATE NOT NULL',
    'PRIMARY KEY (person_id, subject, day)',
    'KEY hints_day (day)',
    'CONSTRAINT hints_person FOREIGN KEY (person_id) REFERENCES people (id)',
  ],
});
