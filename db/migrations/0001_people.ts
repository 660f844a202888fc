import { id, makesTables, phone, ref, time, token } from './tables.ts';

/** A person is a phone; a number is one of ours; an account pays for the groups that its person owns. */
export default makesTables({
  people: [
    `id ${id}`,
    `phone ${phone} NOT NULL`,
    `last_name VARCHAR(30) NULL COMMENT 'the name they used last'`,
    `blocked_at ${time} NULL COMMENT 'STOP: no text of ours goes there'`,
    `password_hash ${token(255)} NULL`,
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY people_phone (phone)',
  ],
  numbers: [
    `id ${id}`,
    `phone ${phone} NOT NULL`,
    `kind ENUM('pool', 'service') NOT NULL`,
    `retired_at ${time} NULL`,
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY numbers_phone (phone)',
    'KEY numbers_kind (kind, retired_at)',
  ],
  accounts: [
    `id ${id}`,
    `person_id ${ref} NOT NULL`,
    `type ENUM('F', 'T', 'P') NOT NULL`,
    `balance BIGINT NOT NULL COMMENT 'pennies; always the sum of the ledger'`,
    `email VARCHAR(254) NULL`,
    `zip VARCHAR(20) NULL`,
    `customer_ref ${token(100)} NULL COMMENT 'the payment provider’s'`,
    `card_ref ${token(100)} NULL`,
    'card_brand VARCHAR(30) NULL',
    `card_last4 ${token(4)} NULL`,
    `card_expires ${token(7)} NULL COMMENT 'YYYY-MM'`,
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY accounts_person (person_id)',
    'CONSTRAINT accounts_person FOREIGN KEY (person_id) REFERENCES people (id)',
  ],
  // Append-only.
  ledger: [
    `id ${id}`,
    `account_id ${ref} NOT NULL`,
    `kind ENUM('trial', 'grant', 'segments', 'refund', 'charge', 'dispute') NOT NULL`,
    `amount BIGINT NOT NULL COMMENT 'pennies, negative where the account pays'`,
    `message_id ${ref} NULL COMMENT 'the row of the message that was paid for'`,
    `idempotency_key ${token(100)} NULL`,
    `created_at ${time} NOT NULL`,
    'KEY ledger_account (account_id, id)',
    'UNIQUE KEY ledger_idempotency (account_id, idempotency_key)',
    'CONSTRAINT ledger_account FOREIGN KEY (account_id) REFERENCES accounts (id)',
  ],
});
