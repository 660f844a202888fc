import type { Knex } from 'knex';
import { run } from '../connect.ts';
import { id, makesTables, noWayBack, ref, time, token } from './schema.ts';

const tables = makesTables({
  people: [`logged_in_at ${time} NULL COMMENT 'the first login: this phone is known to want our texts'`],
  /*
   * Texts of ours to phones that never texted us and never logged in: what the budgets count. `counted_at` is NULL while
   * one waits for room, and `retry_at` is when it is looked at again.
   */
  first_texts: [
    `id ${id}`,
    `message_id ${ref} NOT NULL COMMENT 'row of messages'`,
    `person_id ${ref} NOT NULL`,
    `prefix ${token(20)} NOT NULL COMMENT 'the phone without its last 4 digits'`,
    `member_id ${ref} NULL COMMENT 'the person who caused it'`,
    `address ${token(22)} NULL COMMENT 'fingerprint of the address that caused it'`,
    `network ${token(22)} NULL COMMENT 'the same of its /48'`,
    `caused_at ${time} NOT NULL`,
    `counted_at ${time} NULL`,
    `retry_at ${time} NULL`,
    'UNIQUE KEY first_texts_message (message_id, person_id)',
    'KEY first_texts_person (person_id, counted_at)',
    'KEY first_texts_prefix (prefix, counted_at)',
    'KEY first_texts_member (member_id, counted_at)',
    'KEY first_texts_address (address, counted_at)',
    'KEY first_texts_network (network, counted_at)',
    'KEY first_texts_counted (counted_at)',
    'KEY first_texts_retry (retry_at)',
  ],
  pins: ["sealed VARBINARY(64) NULL COMMENT 'the PIN under a key of ours, to text the same one again'"],
  // Segments of answers to commands: a member gets so many an hour.
  answer_texts: [
    `id ${id}`,
    `person_id ${ref} NOT NULL`,
    'segments INT UNSIGNED NOT NULL',
    `sent_at ${time} NOT NULL`,
    'KEY answer_texts_person (person_id, sent_at)',
    'KEY answer_texts_age (sent_at)',
  ],
  // One row, which is locked between counting first texts and writing more of them.
  budget_locks: ['id TINYINT UNSIGNED NOT NULL PRIMARY KEY'],
});

export default {
  async up(knex: Knex) {
    await tables.up(knex);
    await run(knex, 'INSERT IGNORE INTO budget_locks (id) VALUES (1)');
    // The answer to a command is kept with the call, and may be long.
    await run(
      knex,
      "ALTER TABLE done_calls MODIFY answer MEDIUMTEXT NULL COMMENT 'JSON; what a repeat is answered where it is more than OK'",
    );
    await run(
      knex,
      'UPDATE people p SET logged_in_at = (SELECT MIN(s.created_at) FROM sessions s WHERE s.person_id = p.id) WHERE logged_in_at IS NULL',
    );
  },
  down: noWayBack,
};
