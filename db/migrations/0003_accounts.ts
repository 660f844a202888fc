import { foreignKey, id, makesTables, ref, time, token } from './schema.ts';

/**
 * An account pays for the groups that its person owns. Every entry of the ledger moves its amount from one account to
 * another: from the operator's account `contra` to the owner's, or back where the amount is negative. So all accounts
 * together are always 0.
 */
export default makesTables({
  accounts: [
    `id ${id}`,
    `person_id ${ref} NOT NULL`,
    `type ENUM('F', 'T', 'P') NOT NULL`,
    `balance BIGINT NOT NULL COMMENT 'pennies; always the sum of the ledger'`,
    `low_at BIGINT NULL COMMENT 'below this the owner is told, once: then it is NULL until money comes in'`,
    'is_low TINYINT GENERATED ALWAYS AS (IF(balance < low_at, 1, NULL)) STORED',
    'email VARCHAR(254) NULL',
    'zip VARCHAR(20) NULL',
    `customer_ref ${token(100)} NULL COMMENT 'the payment provider’s'`,
    `card_ref ${token(100)} NULL`,
    'card_brand VARCHAR(30) NULL',
    `card_last4 ${token(4)} NULL`,
    `card_expires ${token(7)} NULL COMMENT 'YYYY-MM'`,
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY accounts_person (person_id)',
    'KEY accounts_low (is_low)',
    foreignKey('accounts_person', 'person_id', 'people'),
  ],
  // Append-only.
  ledger: [
    `id ${id}`,
    `account_id ${ref} NOT NULL`,
    `kind ENUM(${kinds()}) NOT NULL`,
    // From the kind and not from the writer, so that the two sides of an entry cannot disagree.
    `contra ${token(12)} GENERATED ALWAYS AS (CASE kind ${otherSides()} END) VIRTUAL COMMENT 'the account of the operator’s that the amount came from'`,
    `amount BIGINT NOT NULL COMMENT 'pennies, negative where the account pays'`,
    `message_id ${ref} NULL COMMENT 'the row of the message that was paid for'`,
    `note VARCHAR(200) NULL COMMENT 'why, in an operator’s words'`,
    `idempotency_key ${token(100)} NULL`,
    `created_at ${time} NOT NULL`,
    'KEY ledger_account (account_id, id)',
    // The key comes before the account: see `foreignKey`.
    'UNIQUE KEY ledger_idempotency (idempotency_key, account_id)',
    foreignKey('ledger_account', 'account_id', 'accounts'),
  ],
  // How far the ledger of an account was added up, so that each check reads what is new alone.
  ledger_checks: [
    `account_id ${ref} NOT NULL PRIMARY KEY`,
    `upto_id ${ref} NOT NULL COMMENT 'row of ledger'`,
    'total BIGINT NOT NULL',
    `off_since ${time} NULL COMMENT 'the balance is not what the ledger says'`,
    'KEY ledger_checks_off (off_since)',
    foreignKey('ledger_checks_account', 'account_id', 'accounts'),
  ],
  /*
   * Charges of a card, each written before the provider is asked. `open` is 1 until its outcome is known, NULL after
   * that: so an account has at most one that is under way, whatever runs at the same time, and a crash forgets none.
   */
  charges: [
    `id ${id}`,
    `account_id ${ref} NOT NULL`,
    `amount INT UNSIGNED NOT NULL COMMENT 'pennies'`,
    `state ENUM('open', 'paid', 'declined', 'failed') NOT NULL`,
    'open TINYINT UNSIGNED NULL DEFAULT 1',
    `held_until ${time} NOT NULL COMMENT 'one process has it alone until then'`,
    `request_key ${token(64)} NULL COMMENT 'hash of the idempotency key that the client sent'`,
    `provider_key ${token(64)} NOT NULL COMMENT 'the idempotency key that the provider gets'`,
    `customer_ref ${token(100)} NOT NULL`,
    `card_ref ${token(100)} NOT NULL`,
    `payment_ref ${token(100)} NULL COMMENT 'the provider’s, once it has one'`,
    `charge_ref ${token(100)} NULL COMMENT 'the provider’s name of the payment’s charge'`,
    'reason VARCHAR(100) NULL',
    ...['refunded', 'disputed', 'failed'].map(
      (column) => `${column} BIGINT NOT NULL DEFAULT 0 COMMENT 'pennies that were booked back for that'`,
    ),
    `created_at ${time} NOT NULL`,
    `ended_at ${time} NULL`,
    'UNIQUE KEY charges_open (account_id, open)',
    'UNIQUE KEY charges_request (account_id, request_key)',
    'KEY charges_unsettled (open, held_until)',
    'KEY charges_payment (payment_ref)',
    'KEY charges_charge (charge_ref)',
    foreignKey('charges_account', 'account_id', 'accounts'),
  ],
  // What the payment provider told of a charge after it was asked for; never changed and never deleted.
  payment_events: [
    `event_id ${token(255)} NOT NULL PRIMARY KEY COMMENT 'the provider’s'`,
    `charge_id ${ref} NOT NULL`,
    `kind ENUM('paid', 'failed', 'refund_total', 'refund', 'refund_failed', 'dispute', 'dispute_cleared') NOT NULL`,
    `subject ${token(255)} NULL COMMENT 'the provider’s name of the refund or dispute'`,
    `amount BIGINT NOT NULL COMMENT 'pennies'`,
    `happened_at ${time} NOT NULL COMMENT 'by the provider’s clock'`,
    `received_at ${time} NOT NULL`,
    'KEY payment_events_charge (charge_id)',
    foreignKey('payment_events_charge', 'charge_id', 'charges'),
  ],
  // E-mails to owners that are still to be sent; one that is sent, or given up, has no row.
  emails: [
    `id ${id}`,
    `account_id ${ref} NOT NULL`,
    'subject VARCHAR(200) NOT NULL',
    'text TEXT NOT NULL',
    'tries SMALLINT UNSIGNED NOT NULL DEFAULT 0',
    `due_at ${time} NOT NULL COMMENT 'the next try; the process that makes it moves this first'`,
    `created_at ${time} NOT NULL`,
    'KEY emails_due (due_at)',
    foreignKey('emails_account', 'account_id', 'accounts'),
  ],
});

/** Each kind of entry, and the operator's own account on its other side. */
function sides(): [kind: string, side: string][] {
  return [
    ['trial', 'grants'],
    ['grant', 'grants'],
    ['segments', 'revenue'],
    ['refund', 'revenue'],
    ['charge', 'provider'],
    ['dispute', 'provider'],
    ['payment_refund', 'provider'],
    ['payment_failed', 'provider'],
    ['adjustment', 'adjustments'],
  ];
}

function kinds(): string {
  return sides()
    .map(([kind]) => `'${kind}'`)
    .join(', ');
}

function otherSides(): string {
  return sides()
    .map(([kind, side]) => `WHEN '${kind}' THEN '${side}'`)
    .join(' ');
}
