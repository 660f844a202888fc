import { makesTables, time } from './schema.ts';

export default makesTables({
  system_names: [
    `alive_at ${time} NULL COMMENT 'when a process last said that it runs, by the clock of this server'`,
    `doubted_at ${time} NULL COMMENT 'a process found that it is a backup of which nobody has said so; NULL: it is not'`,
  ],
});
