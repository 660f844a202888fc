import { makesTables, token } from './schema.ts';

export default makesTables({
  groups: [
    `forward_to ${token(16)} NULL COMMENT 'the phone (E.164) that rings when a member calls'`,
    'KEY groups_forward (forward_to)',
  ],
});
