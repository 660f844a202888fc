import { id, makesTables, ref, time, token } from './tables.ts';

/**
 * Charges of a card, each written before the provider is asked. `open` is 1 until its outcome is known, NULL after
 * that: so an account has at most one that is under way, whatever runs at the same time, and a crash forgets none.
 */
export default makesTables({
  charges: [
    `id ${id}`,
    `account_id ${ref} NOT NULL`,
    `amount INT UNSIGNED NOT NULL COMMENT 'pennies'`,
    `state ENUM('open', 'paid', 'declined', 'failed') NOT NULL`,
    'open TINYINT UNSIGNED NULL DEFAULT 1',
    `held_until ${time} NOT NULL COMMENT 'whoever works on it has it alone until then'`,
    `request_key ${token(64)} NULL COMMENT 'hash of the idempotency key that the client sent'`,
    `provider_key ${token(64)} NOT NULL COMMENT 'the idempotency key that the provider gets'`,
    `customer_ref ${token(100)} NOT NULL`,
    `card_ref ${token(100)} NOT NULL`,
    `payment_ref ${token(100)} NULL COMMENT 'the provider’s, once it has one'`,
    'reason VARCHAR(100) NULL',
    `created_at ${time} NOT NULL`,
    `ended_at ${time} NULL`,
    'UNIQUE KEY charges_open (account_id, open)',
    'UNIQUE KEY charges_request (account_id, request_key)',
    'KEY charges_unsettled (open, held_until)',
    'CONSTRAINT charges_account FOREIGN KEY (account_id) REFERENCES accounts (id)',
  ],
});
