import { makesTables } from './schema.ts';

/** The price of what was accepted and is not paid for yet. A message from before this reserves nothing. */
export default makesTables({
  accounts: [`reserved BIGINT NOT NULL DEFAULT 0 COMMENT 'pennies that accepted messages may yet cost'`],
  messages: [`held INT UNSIGNED NULL COMMENT 'pennies that were reserved for it at its acceptance'`],
});
