import { flag, makesTables } from './schema.ts';

export default makesTables({
  memberships: [`co_owner ${flag} COMMENT 'may do what the owner may, but for what is the owner’s alone'`],
});
