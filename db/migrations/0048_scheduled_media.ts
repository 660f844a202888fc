import { makesTables } from './schema.ts';

export default makesTables({
  media: ['KEY media_name (name)'],
  schedules: ["media TEXT NULL COMMENT 'JSON list, as of a message'"],
});
