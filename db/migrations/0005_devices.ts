import type { Knex } from 'knex';

/**
 * A token may be waited for by several phones while it is live for one, so it is unique among the live ones only:
 * `live` becomes 1 or NULL, as for memberships. MySQL has no IF [NOT] EXISTS for these, so each step looks first.
 */
const migration: Knex.Migration = {
  async up(knex) {
    await knex.raw('ALTER TABLE devices MODIFY live TINYINT UNSIGNED NULL DEFAULT NULL');
    await knex.raw('UPDATE devices SET live = NULL WHERE live = 0');
    if (await hasIndex(knex, 'devices_token')) await knex.raw('ALTER TABLE devices DROP INDEX devices_token');
    for (const [name, definition] of Object.entries(indexes)) {
      if (!(await hasIndex(knex, name))) await knex.raw(`ALTER TABLE devices ADD ${definition}`);
    }
  },
  async down(knex) {
    await knex.raw('DELETE FROM devices WHERE live IS NULL');
    for (const name of Object.keys(indexes)) {
      if (await hasIndex(knex, name)) await knex.raw(`ALTER TABLE devices DROP INDEX ${name}`);
    }
    await knex.raw('ALTER TABLE devices MODIFY live TINYINT UNSIGNED NOT NULL DEFAULT 0');
    if (!(await hasIndex(knex, 'devices_token')))
      await knex.raw('ALTER TABLE devices ADD UNIQUE KEY devices_token (token)');
  },
};
export default migration;

const indexes = {
  devices_live: 'UNIQUE KEY devices_live (token, live)',
  devices_owner: 'UNIQUE KEY devices_owner (phone, token)',
  devices_waiting: 'KEY devices_waiting (live, confirm_until)',
};

async function hasIndex(knex: Knex, name: string): Promise<boolean> {
  const [found] = (await knex.raw(
    `SELECT 1 FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'devices' AND index_name = ?`,
    [name],
  )) as [unknown[]];
  return found.length > 0;
}
