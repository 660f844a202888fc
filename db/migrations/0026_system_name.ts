import { makesTables, token } from './schema.ts';

export default makesTables({
  // One row: what this database is called in Redis. It goes with a dump; a new database has another.
  system_names: ['id TINYINT UNSIGNED NOT NULL PRIMARY KEY', `name ${token(22)} NOT NULL`],
});
