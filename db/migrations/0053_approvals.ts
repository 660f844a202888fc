import { flag, makesTables } from './schema.ts';

export default makesTables({
  groups: [`broadcast_approval ${flag} COMMENT 'what a named speaker says to all waits for an owner'`],
  schedules: [`awaits_approval ${flag} COMMENT 'it goes out only if an owner approves it before send_at'`],
});
