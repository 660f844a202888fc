import { flag, makesTables } from './schema.ts';

export default makesTables({
  schedules: [`head_count ${flag} COMMENT 'at its time it asks who comes'`],
});
