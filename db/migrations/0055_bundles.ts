import { flag, foreignKey, makesTables, ref, time, token } from './schema.ts';

export default makesTables({
  groups: [
    `batches ${flag} COMMENT 'while it is busy, who only reads gets one text for several'`,
    `hot ${flag} COMMENT 'it is busy now'`,
    `bundling ${flag} COMMENT 'somebody may be owed texts: the fan-out looks'`,
    'KEY groups_bundling (bundling)',
  ],
  memberships: [`batch ${token(5)} NULL COMMENT 'live or batch, by their own choice; NULL: as the group does'`],
  // What members are still to get in one text: each of their deliveries that was skipped as batched, from `first_id` on.
  bundles: [
    `membership_id ${ref} NOT NULL PRIMARY KEY`,
    `group_id ${ref} NOT NULL`,
    `first_id ${ref} NULL COMMENT 'row of messages; NULL: nothing is owed'`,
    `due_at ${time} NULL`,
    `last_id ${ref} NULL COMMENT 'row of messages: the last text that told them; what was said before it may not overtake it'`,
    'KEY bundles_due (due_at)',
    'KEY bundles_group (group_id, first_id)',
    foreignKey('bundles_membership', 'membership_id', 'memberships'),
  ],
});
