import type { Knex } from 'knex';
import { addChanges, type Change, dropChanges } from './changes.ts';
import { makesTables, ref, time, token } from './tables.ts';

const tables = makesTables({
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
    'CONSTRAINT payment_events_charge FOREIGN KEY (charge_id) REFERENCES charges (id)',
  ],
});

const changes: readonly Change[] = [
  {
    table: 'charges',
    column: 'charge_ref',
    add: `COLUMN charge_ref ${token(100)} NULL COMMENT 'the provider’s name of the payment’s charge'`,
  },
  ...(['refunded', 'disputed', 'failed'] as const).map((column) => ({
    table: 'charges',
    column,
    add: `COLUMN ${column} BIGINT NOT NULL DEFAULT 0 COMMENT 'pennies that were booked back for that'`,
  })),
  { table: 'charges', index: 'charges_payment', add: 'KEY charges_payment (payment_ref)' },
  { table: 'charges', index: 'charges_charge', add: 'KEY charges_charge (charge_ref)' },
];

export default {
  async up(knex) {
    await tables.up(knex);
    await addChanges(knex, changes);
  },
  async down(knex) {
    await dropChanges(knex, changes);
    await tables.down?.(knex);
  },
} satisfies Knex.Migration;
