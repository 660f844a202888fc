import type { Knex } from 'knex';
import { noWayBack, renames } from './schema.ts';

const parts = {
  messages: {
    'column anyway': 'ignore_opt_out',
    'column wipe_at': 'redact_at',
    'key messages_wipe': 'messages_redact',
  },
  deliveries: { 'column fates': 'attempt_log' },
};

/** The field's words for what ignores an opt-out, for texts that are redacted, for attempts and for texts of our own. */
const standardWords: Knex.Migration = {
  async up(knex) {
    await renames(knex, parts);
    await knex.raw("ALTER TABLE messages MODIFY kind ENUM('said', 'notice', 'system') NOT NULL");
    await knex.raw("UPDATE messages SET kind = 'system' WHERE kind = 'notice'");
    await knex.raw("ALTER TABLE messages MODIFY kind ENUM('said', 'system') NOT NULL");
  },
  down: noWayBack,
};

export default standardWords;
