import { makesTables, time } from './schema.ts';

export default makesTables({
  system_names: [
    `unanswered_from ${time} NULL COMMENT 'a carrier has still to say whether it has texts of ours from then on; NULL: nothing is to be asked'`,
    `unanswered_until ${time} NULL COMMENT 'until then; later ones are those of the processes that run'`,
  ],
});
