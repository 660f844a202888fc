import { makesTables, time } from './schema.ts';

export default makesTables({
  people: [
    `forgotten_at ${time} NULL COMMENT 'an operator forgot them: phone is a keyed hash until the phone turns up again'`,
  ],
});
