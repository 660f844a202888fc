import { flag, makesTables } from './schema.ts';

/** An invitation counts as a first text also to a phone that has texted us before. */
export default makesTables({
  first_texts: [`unasked ${flag} COMMENT 'counts to a proven phone as well'`],
});
