import { makesTables, token } from './schema.ts';

export default makesTables({
  // A text is followed by it from the webhook or call that said it, through every process, to the carrier.
  messages: [`request_id ${token(64)} NULL COMMENT 'of the webhook or call that it came by'`],
});
