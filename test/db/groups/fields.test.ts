import { expect } from 'chai';
import { rows } from '../../../db/connect.ts';
import { groupFields } from '../../../engine/rules/group-fields.ts';
import { memberFields } from '../../../engine/rules/member-fields.ts';
import { openWorld, type World } from '../../support/world.ts';

type Column = { name: string; type: string; length: number | null; nullable: 'YES' | 'NO' };
type Row = { type: string; column?: string; parameter?: { says: string; limit?: number } };

describe('the columns of groups and memberships', () => {
  let world: World;

  before(async () => {
    world = await openWorld({ workers: false });
  });
  after(() => world?.close());

  const membersFields = Object.entries(memberFields);
  for (const [table, fields] of [
    ['groups', Object.entries(groupFields)],
    ['memberships', membersFields.filter(([, field]) => !('isOfPerson' in field))],
    ['people', membersFields.filter(([, field]) => 'isOfPerson' in field)],
  ] as const) {
    it(`hold every field of ${table} that has one`, async () => {
      const columns = await rows<Column>(
        world.runtime.db,
        `SELECT column_name AS name, data_type AS type, character_maximum_length AS length, is_nullable AS nullable
         FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?`,
        [table],
      );
      const byName = new Map(columns.map((column) => [column.name, column]));
      for (const [name, { type, column, parameter }] of fields as readonly (readonly [string, Row])[]) {
        if (column === undefined) continue;
        const found = byName.get(column);
        expect(found, `${name} has the column ${column}`).not.to.equal(undefined);
        expect(found?.nullable, name).to.equal(type.startsWith('optional') ? 'YES' : 'NO');
        expect(found?.type, name).to.be.oneOf(types[type] ?? []);
        if (parameter?.limit !== undefined) expect(found?.length, name).to.equal(parameter.limit);
      }
    });
  }
});

const types: Record<string, string[]> = {
  flag: ['tinyint'],
  id: ['bigint'],
  text: ['varchar'],
  optionalText: ['varchar'],
  smsState: ['tinyint'],
  optionalTime: ['datetime'],
};
