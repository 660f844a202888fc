import { makesTables, ref } from './schema.ts';

export default makesTables({
  groups: [
    'pinned VARCHAR(200) NULL',
    `pinned_by ${ref} NULL COMMENT 'membership whose words it is'`,
    'KEY groups_pinned_by (pinned_by)',
  ],
});
