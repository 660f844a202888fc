import { expect } from 'chai';
import { commands } from '../../../engine/rules/commands.ts';
import { type FieldTable, shapeOf } from '../../../engine/rules/fields.ts';
import { groupFields, groupIdentity, settingsOfNew } from '../../../engine/rules/group-fields.ts';
import { memberFields } from '../../../engine/rules/member-fields.ts';
import { ROSTER_SHAPE } from '../../../engine/rules/types.ts';

describe('the fields of groups and members', () => {
  it('are set by commands that there are', () => {
    const words = commands.map(({ word }) => `*${word}`);
    for (const field of [...Object.values(groupFields), ...Object.values(memberFields)]) {
      if ('command' in field) expect(words).to.include(field.command);
    }
  });

  it('have a default, or come with a new group', () => {
    expect(settingsOfNew({ name: 'Hikers', replyToOwner: true })).to.include({
      name: 'Hikers',
      replyToOwner: true,
      notifyOnAdd: false,
      disableWho: false,
      disableAdd: false,
      inviteCode: null,
      isPublic: false,
      description: null,
      digest: false,
    });
  });

  it('a group or member with one more field, one less, or one of another type has another shape', () => {
    const shapes = [groupFields, memberFields].flatMap((table: FieldTable) => {
      const others: FieldTable[] = [{ ...table, 'one more': { type: 'optionalText' } }];
      for (const [name, { type }] of Object.entries(table)) {
        const { [name]: _, ...rest } = table;
        others.push(rest, { ...table, [name]: { type: type === 'text' ? 'optionalText' : 'text' } });
      }
      return others.map((other) =>
        table === groupFields
          ? shapeOf(groupIdentity, other, memberFields)
          : shapeOf(groupIdentity, groupFields, other),
      );
    });
    expect(new Set([...shapes, ROSTER_SHAPE]).size).to.equal(shapes.length + 1);
  });

  it('the shape of a roster is the same in every process of a release', () => {
    expect(shapeOf(groupIdentity, groupFields, memberFields)).to.equal(ROSTER_SHAPE);
  });
});
