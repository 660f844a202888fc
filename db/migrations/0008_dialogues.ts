import type { Knex } from 'knex';
import { row } from '../connect.ts';
import { makesTables, ref, time } from './tables.ts';

const tables = makesTables({
  // A member was asked to take a group over; one question a group.
  owner_offers: [
    `group_id ${ref} NOT NULL PRIMARY KEY`,
    `membership_id ${ref} NOT NULL COMMENT 'who was asked'`,
    `by_id ${ref} NOT NULL COMMENT 'the person who owned the group then'`,
    `expires_at ${time} NOT NULL`,
    'CONSTRAINT offers_group FOREIGN KEY (group_id) REFERENCES `groups` (id)',
    'CONSTRAINT offers_membership FOREIGN KEY (membership_id) REFERENCES memberships (id)',
  ],
  // A group that somebody makes by text, until it is staged.
  drafts: [
    `person_id ${ref} NOT NULL PRIMARY KEY`,
    'group_name VARCHAR(30) NOT NULL',
    `members TEXT NOT NULL COMMENT 'JSON list of name and phone'`,
    'version INT UNSIGNED NOT NULL',
    `updated_at ${time} NOT NULL`,
    'KEY drafts_updated (updated_at)',
    'CONSTRAINT drafts_person FOREIGN KEY (person_id) REFERENCES people (id)',
  ],
  // Broadcasts whose owner is to hear what became of them.
  digests: [
    `message_id ${ref} NOT NULL PRIMARY KEY COMMENT 'row of messages'`,
    `due_at ${time} NOT NULL COMMENT 'told by then, whatever is still open'`,
    'CONSTRAINT digests_message FOREIGN KEY (message_id) REFERENCES messages (id)',
  ],
});

/** Each step looks first, so that all of it can be run again. */
const steps: readonly { table: string; column?: string; index?: string; add: string }[] = [
  {
    table: 'inbound_texts',
    column: 'text_hash',
    add: `COLUMN text_hash BINARY(8) NULL COMMENT 'the same for the same text'`,
  },
  { table: 'inbound_texts', index: 'inbound_same', add: 'KEY inbound_same (phone, text_hash, received_at)' },
  {
    table: 'memberships',
    column: 'muted_after',
    add: `COLUMN muted_after INT UNSIGNED NULL COMMENT 'the group’s last message id when the mute began'`,
  },
  { table: 'memberships', index: 'memberships_muted', add: 'KEY memberships_muted (muted_until)' },
  { table: 'memberships', index: 'memberships_left', add: 'KEY memberships_left (left_at)' },
  { table: 'messages', index: 'messages_unwritten', add: 'KEY messages_unwritten (group_id, pending)' },
  { table: 'people', index: 'people_blocked', add: 'KEY people_blocked (blocked_at)' },
];

export default {
  async up(knex) {
    await tables.up(knex);
    for (const step of steps) {
      if (!(await isDone(knex, step))) await knex.raw(`ALTER TABLE ${step.table} ADD ${step.add}`);
    }
  },
  async down(knex) {
    for (const step of [...steps].reverse()) {
      if (!(await isDone(knex, step))) continue;
      const what = step.column === undefined ? `KEY ${step.index}` : `COLUMN ${step.column}`;
      await knex.raw(`ALTER TABLE ${step.table} DROP ${what}`);
    }
    await tables.down?.(knex);
  },
} satisfies Knex.Migration;

async function isDone(knex: Knex, { table, column, index }: (typeof steps)[number]): Promise<boolean> {
  const found =
    column === undefined
      ? await row(
          knex,
          'SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ?',
          [table, index ?? ''],
        )
      : await row(
          knex,
          'SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ?',
          [table, column],
        );
  return found !== undefined;
}
