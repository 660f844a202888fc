import { makesTables, time } from './schema.ts';

/** An operator stops what has not gone out of a message. */
export default makesTables({
  messages: [`cancelled_at ${time} NULL COMMENT 'by an operator: nothing more of it goes out'`],
});
