import { id, makesTables, ref, time } from './tables.ts';

/** Letters to owners that are still to be sent; one that is sent, or given up, has no row. */
export default makesTables({
  emails: [
    `id ${id}`,
    `account_id ${ref} NOT NULL`,
    'subject VARCHAR(200) NOT NULL',
    'text TEXT NOT NULL',
    'tries SMALLINT UNSIGNED NOT NULL DEFAULT 0',
    `due_at ${time} NOT NULL COMMENT 'the next try; whoever makes one moves it first'`,
    `created_at ${time} NOT NULL`,
    'KEY emails_due (due_at)',
    'CONSTRAINT emails_account FOREIGN KEY (account_id) REFERENCES accounts (id)',
  ],
});
