import { type GroupSheet, readGroupSheet } from '../../db/groups/group-lookup.ts';
import { readId } from '../../engine/rules/ids.ts';
import { type Call, Misuse, NotPossible } from './command.ts';

/** The group of an id, as `group find` shows it. Throws `Misuse` for what is no id, `NotPossible` where there is none. */
export async function groupOf({ db }: Pick<Call, 'db'>, written: string): Promise<GroupSheet> {
  const id = readId(written);
  if (id === null) throw new Misuse(`"${written}" is no id of a group: see group find.`);
  const sheet = await readGroupSheet(db, id);
  if (sheet === undefined) throw new NotPossible(`There is no group ${written}: see group find.`);
  return sheet;
}

/** `group 12 "Hikers"`. */
export function nameOf({ id, name }: Pick<GroupSheet, 'id' | 'name'>): string {
  return `group ${id} "${name}"`;
}
