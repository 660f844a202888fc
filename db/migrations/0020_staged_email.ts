import { makesTables } from './schema.ts';

/** The creator's address becomes their account's when they turn the group on. */
export default makesTables({
  groups: ["staged_email VARCHAR(254) NULL COMMENT 'as the call that staged it named it'"],
});
