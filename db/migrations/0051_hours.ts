import { makesTables, ref, token } from './schema.ts';

export default makesTables({
  groups: [`hours ${token(5)} NULL COMMENT 'that texts to all wait for, as 8-21; NULL: none'`],
  schedules: [`said_by ${ref} NULL COMMENT 'membership; NULL: of the owner'`],
});
