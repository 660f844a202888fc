import type { Knex } from 'knex';
import { addChanges, type Change, dropChanges } from './changes.ts';
import { makesTables, ref, time, token } from './tables.ts';

const tables = makesTables({
  // How far the ledger of an account was added up, so that each check reads what is new alone.
  ledger_checks: [
    `account_id ${ref} NOT NULL PRIMARY KEY`,
    `upto_id ${ref} NOT NULL COMMENT 'row of ledger'`,
    'total BIGINT NOT NULL',
    `off_since ${time} NULL COMMENT 'the balance is not what the ledger says'`,
    'KEY ledger_checks_off (off_since)',
    'CONSTRAINT ledger_checks_account FOREIGN KEY (account_id) REFERENCES accounts (id)',
  ],
});

/** A kind of entry, and the operator’s own account on its other side. */
const kinds = {
  trial: 'grants',
  grant: 'grants',
  segments: 'revenue',
  refund: 'revenue',
  charge: 'provider',
  dispute: 'provider',
  payment_refund: 'provider',
  payment_failed: 'provider',
  adjustment: 'adjustments',
};
const otherSide = Object.entries(kinds).map(([kind, side]) => `WHEN '${kind}' THEN '${side}'`);

const changes: readonly Change[] = [
  {
    table: 'ledger',
    column: 'contra',
    // From the kind and not from the writer: the two sides of an entry cannot disagree, and a program from before this
    // migration may go on writing.
    add: `COLUMN contra ${token(12)} GENERATED ALWAYS AS (CASE kind ${otherSide.join(' ')} END) VIRTUAL
      COMMENT 'the account of the operator’s that the amount came from'`,
  },
  { table: 'ledger', column: 'note', add: `COLUMN note VARCHAR(200) NULL COMMENT 'why, in an operator’s words'` },
  {
    table: 'accounts',
    column: 'low_at',
    add: `COLUMN low_at BIGINT NULL COMMENT 'below this the owner is told, once: then it is NULL until money comes in'`,
  },
  {
    table: 'accounts',
    column: 'is_low',
    add: 'COLUMN is_low TINYINT GENERATED ALWAYS AS (IF(balance < low_at, 1, NULL)) STORED',
  },
  { table: 'accounts', index: 'accounts_low', add: 'KEY accounts_low (is_low)' },
];

/**
 * Every entry of the ledger moves its amount from one account to another: from the operator’s account `contra` to the
 * owner’s, or back where the amount is negative. So all accounts together are always 0.
 */
export default {
  async up(knex) {
    await tables.up(knex);
    const names = Object.keys(kinds).map((kind) => `'${kind}'`);
    await knex.raw(`ALTER TABLE ledger MODIFY kind ENUM(${names.join(', ')}) NOT NULL`);
    await addChanges(knex, changes);
    // What an account had after its last payment is not known here; what it has now serves as that.
    await knex.raw('UPDATE accounts SET low_at = CEIL(balance / 5) WHERE low_at IS NULL AND balance > 0');
  },
  async down(knex) {
    await dropChanges(knex, changes);
    await tables.down?.(knex);
  },
} satisfies Knex.Migration;
