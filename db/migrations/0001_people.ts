import { flag, foreignKey, id, makesTables, phone, ref, time, token } from './schema.ts';

/** A person is a phone. */
export default makesTables({
  people: [
    `id ${id}`,
    `phone ${phone} NOT NULL`,
    `last_name VARCHAR(30) NULL COMMENT 'the name they used last'`,
    `blocked_at ${time} NULL COMMENT 'STOP: no text of ours goes there'`,
    `blocked_by_carrier ${flag} COMMENT 'while blocked: the carrier blocks it too, so that only a START that it knows lifts the block'`,
    `password_hash ${token(255)} NULL`,
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY people_phone (phone)',
    'KEY people_blocked (blocked_at)',
  ],
  sessions: [
    'sid_hash BINARY(32) NOT NULL PRIMARY KEY',
    `person_id ${ref} NOT NULL`,
    'source VARCHAR(100) NULL',
    `created_at ${time} NOT NULL`,
    `used_at ${time} NOT NULL`,
    'KEY sessions_person (person_id)',
    'KEY sessions_used (used_at)',
    foreignKey('sessions_person', 'person_id', 'people'),
  ],
  /*
   * A token may be waited for by several phones while it is live for one. `live` is 1 or NULL: a unique key ignores rows
   * that hold a NULL, so a token is unique among the live ones only.
   */
  devices: [
    `id ${id}`,
    `phone ${phone} NOT NULL`,
    `type ENUM('iphone', 'iphone_no_notify', 'android') NOT NULL`,
    `token ${token(512)} NOT NULL`,
    'live TINYINT UNSIGNED NULL',
    `confirm_until ${time} NULL`,
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY devices_live (token, live)',
    'UNIQUE KEY devices_owner (phone, token)',
    'KEY devices_phone (phone, type)',
    'KEY devices_waiting (live, confirm_until)',
  ],
  // Hints and explanations that a phone gets at most once a day.
  hints: [
    `person_id ${ref} NOT NULL`,
    `subject ${token(40)} NOT NULL`,
    'day DATE NOT NULL',
    'PRIMARY KEY (person_id, subject, day)',
    'KEY hints_day (day)',
    foreignKey('hints_person', 'person_id', 'people'),
  ],
});
