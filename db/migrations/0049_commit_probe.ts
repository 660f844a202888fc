import { makesTables, time } from './schema.ts';

export default makesTables({
  // One row, written again and again to see whether MySQL commits at all.
  commit_probes: ['id TINYINT UNSIGNED NOT NULL PRIMARY KEY', `at ${time} NOT NULL`],
});
