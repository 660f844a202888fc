import { makesTables, ref } from './schema.ts';

export default makesTables({
  // How far old rows were looked at, so that no look begins anew; the process that holds the row is the one that looks.
  purges: ['what VARCHAR(20) CHARACTER SET ascii NOT NULL PRIMARY KEY', `upto_id ${ref} NOT NULL`],
  // What the carriers charged for deliveries that are deleted: the books keep their sums.
  purged_costs: [
    'day DATE NOT NULL PRIMARY KEY',
    'texts INT UNSIGNED NOT NULL',
    "hundredths BIGINT UNSIGNED NOT NULL COMMENT 'of a penny'",
  ],
  inbound_texts: ['KEY inbound_age (received_at)'],
});
