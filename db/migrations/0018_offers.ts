import { flag, makesTables, time, token } from './schema.ts';

/**
 * A question is answered by the next text alone, or by its code or command: so it is kept what had been said when it was
 * asked. Questions of before this release are answered by the command alone.
 */
export default makesTables({
  owner_offers: [
    `lost ${flag} COMMENT 'asked by us, because the owner is gone'`,
    `asked_at ${time} NULL`,
    "last_message_id INT UNSIGNED NULL COMMENT 'of the group, when it was asked'",
  ],
  devices: [`code ${token(8)} NULL COMMENT 'YES and this code confirms it'`],
});
