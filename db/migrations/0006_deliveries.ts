import { fixedToken, foreignKey, makesTables, ref, time, token } from './schema.ts';

export default makesTables({
  /*
   * One text to one phone. A long message goes out in several parts; one by push has a single row, whatever its length.
   * `queued_at` is NULL while it waits for a sending slot; `due_at` is when the sweeper has to look at it, NULL when
   * nothing more is expected.
   *
   * Deliveries are written more than anything else. Nobody looks for them by person or number, so there are no foreign
   * keys to these, which would bring an index each. And what its claim and its carrier's id fill in later has room from
   * the start: rows that grow split their page, which cost a third of all the work and of the space.
   */
  deliveries: [
    `message_id ${ref} NOT NULL COMMENT 'row of messages'`,
    `person_id ${ref} NOT NULL`,
    'part TINYINT UNSIGNED NOT NULL DEFAULT 0',
    `number_id ${ref} NOT NULL`,
    `membership_id ${ref} NULL`,
    `via ENUM('sms', 'push') NOT NULL DEFAULT 'sms'`,
    `state ENUM('queued', 'sending', 'unknown', 'sent', 'delivered', 'undelivered', 'failed', 'skipped') NOT NULL`,
    `attempt SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'the latest try'`,
    `pauses SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'tries that met a paused account'`,
    `fates ${token(255)} NOT NULL DEFAULT '' COMMENT 'the last report on each try'`,
    `batch ${ref} NULL COMMENT 'row of batches, until the outcome of the first try'`,
    `claim ${fixedToken(24)} NULL DEFAULT '' COMMENT 'which worker has this try'`,
    'error_code INT UNSIGNED NULL',
    'reason VARCHAR(200) NULL',
    `carrier_id ${fixedToken(64)} NULL DEFAULT ''`,
    `cost INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'pennies that one try costs the owner'`,
    `charged INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'pennies paid for it so far, less refunds'`,
    "carrier_cost INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'what the carrier charges us so far, in hundredths of a penny'",
    `network ${fixedToken(6)} NOT NULL DEFAULT '' COMMENT 'mobile country and network code of the phone'`,
    `queued_at ${time} NULL`,
    `due_at ${time} NULL`,
    `created_at ${time} NOT NULL`,
    `sent_at ${time} NULL`,
    `ended_at ${time} NULL`,
    'PRIMARY KEY (message_id, person_id, part)',
    'KEY deliveries_due (due_at)',
    foreignKey('deliveries_message', 'message_id', 'messages'),
  ],
  /*
   * First tries that go out together are claimed, and looked for, as one: a row of their batch is written for all of
   * them where each had its own written three times. Gone as soon as each of its deliveries has an outcome.
   */
  batches: [
    `message_id ${ref} NOT NULL COMMENT 'row of messages'`,
    `id ${ref} NOT NULL`,
    `number_id ${ref} NOT NULL`,
    `cost INT UNSIGNED NOT NULL COMMENT 'pennies that one try of each delivery costs the owner'`,
    `claim ${fixedToken(24)} NOT NULL DEFAULT '' COMMENT 'which worker has it'`,
    `slot_at ${time} NOT NULL DEFAULT CURRENT_TIMESTAMP(3) COMMENT 'from then on it could be sent'`,
    `due_at ${time} NOT NULL COMMENT 'when the sweeper has to look at it'`,
    'PRIMARY KEY (message_id, id)',
    'KEY batches_due (due_at)',
    foreignKey('batches_message', 'message_id', 'messages'),
  ],
});
