import { id, makesTables, phone, time, token } from './schema.ts';

/** A number is one of ours. */
export default makesTables({
  numbers: [
    `id ${id}`,
    `phone ${phone} NOT NULL`,
    `kind ENUM('pool', 'service', 'ordered') NOT NULL COMMENT 'ordered: paid for, but not yet to be handed out'`,
    `carrier ${token(20)} NOT NULL COMMENT 'at which the number is'`,
    `carries INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'memberships, as the clock counted them last'`,
    `counted_at ${time} NULL`,
    `ordered_at ${time} NULL COMMENT 'when we bought it'`,
    `retired_at ${time} NULL`,
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY numbers_phone (phone)',
    'KEY numbers_kind (kind, retired_at)',
  ],
  // One row for a carrier while it refuses everything: no credit, account disabled.
  carrier_pauses: [
    `carrier ${token(20)} NOT NULL PRIMARY KEY`,
    'error_code INT UNSIGNED NOT NULL',
    `since ${time} NOT NULL`,
    `until ${time} NOT NULL`,
  ],
});
