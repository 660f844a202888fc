import type { Knex } from 'knex';
import people from './0001_people.ts';
import groups from './0002_groups.ts';
import messages from './0003_messages.ts';
import sessions from './0004_sessions.ts';
import devices from './0005_devices.ts';
import charges from './0006_charges.ts';
import search from './0007_search.ts';
import dialogues from './0008_dialogues.ts';
import loads from './0010_loads.ts';
import leanDeliveries from './0013_lean_deliveries.ts';
import doubleEntry from './0020_double_entry.ts';
import paymentEvents from './0021_payment_events.ts';
import pushes from './0030_pushes.ts';
import emails from './0031_emails.ts';
import batches from './0032_batches.ts';

/** Every migration in order. A merged one is never edited: a change is a new row. */
const migrations: [string, Knex.Migration][] = [
  ['0001_people', people],
  ['0002_groups', groups],
  ['0003_messages', messages],
  ['0004_sessions', sessions],
  ['0005_devices', devices],
  ['0006_charges', charges],
  ['0007_search', search],
  ['0008_dialogues', dialogues],
  ['0010_loads', loads],
  ['0013_lean_deliveries', leanDeliveries],
  ['0020_double_entry', doubleEntry],
  ['0021_payment_events', paymentEvents],
  ['0030_pushes', pushes],
  ['0031_emails', emails],
  ['0032_batches', batches],
];

/** Named by row, not by file name, so that the same list serves the sources and the compiled program. */
export const migrationSource: Knex.MigrationSource<[string, Knex.Migration]> = {
  getMigrations: async () => migrations,
  getMigrationName: ([name]) => name,
  getMigration: async ([, migration]) => migration,
};
