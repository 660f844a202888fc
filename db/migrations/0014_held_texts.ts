import { foreignKey, makesTables, ref, time } from './schema.ts';

export default makesTables({
  // A member's text that seems to mean STOP, until they say SEND or some hours have passed.
  held_texts: [
    `member_id ${ref} NOT NULL PRIMARY KEY COMMENT 'membership'`,
    'text TEXT NOT NULL',
    `held_at ${time} NOT NULL`,
    'KEY held_texts_age (held_at)',
    foreignKey('held_texts_member', 'member_id', 'memberships'),
  ],
});
