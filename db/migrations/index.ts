import type { Knex } from 'knex';
import people from './0001_people.ts';
import numbers from './0002_numbers.ts';
import accounts from './0003_accounts.ts';
import groups from './0004_groups.ts';
import messages from './0005_messages.ts';
import deliveries from './0006_deliveries.ts';
import calls from './0007_calls.ts';
import standardWords from './0008_standard_words.ts';
import rosterTags from './0009_roster_tags.ts';
import payers from './0010_payers.ts';
import numberClasses from './0011_number_classes.ts';
import reactions from './0012_reactions.ts';
import deliveryOrder from './0013_delivery_order.ts';
import heldTexts from './0014_held_texts.ts';
import holds from './0015_holds.ts';

/** Every migration in order. One that was released is never edited: a change is a new row. */
const migrations: [string, Knex.Migration][] = [
  ['0001_people', people],
  ['0002_numbers', numbers],
  ['0003_accounts', accounts],
  ['0004_groups', groups],
  ['0005_messages', messages],
  ['0006_deliveries', deliveries],
  ['0007_calls', calls],
  ['0008_standard_words', standardWords],
  ['0009_roster_tags', rosterTags],
  ['0010_payers', payers],
  ['0011_number_classes', numberClasses],
  ['0012_reactions', reactions],
  ['0013_delivery_order', deliveryOrder],
  ['0014_held_texts', heldTexts],
  ['0015_holds', holds],
];

/** Named by row, not by file name, so that the same list serves the sources and the compiled program. */
export const migrationSource: Knex.MigrationSource<[string, Knex.Migration]> = {
  getMigrations: async () => migrations,
  getMigrationName: ([name]) => name,
  getMigration: async ([, migration]) => migration,
};
