import { makesTables, token } from './schema.ts';

export default makesTables({
  people: [
    `line ${token(6)} NULL COMMENT 'fixed, mobile or other: what the phone is by its digits or a carrier; NULL: not known'`,
  ],
});
