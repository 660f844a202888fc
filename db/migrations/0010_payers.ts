import { makesTables, ref } from './schema.ts';

/** Who pays is settled when a message is accepted. Nobody looks for messages by it, so no foreign key brings an index. */
export default makesTables({
  messages: [`payer_id ${ref} NULL COMMENT 'account that pays for it, or is given back; NULL: nobody'`],
});
