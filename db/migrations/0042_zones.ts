import { makesTables, token } from './schema.ts';

export default makesTables({
  memberships: [`zone ${token(40)} NULL COMMENT 'IANA; NULL: by the area code of the phone'`],
  schedules: [
    "repeat_days TINYINT UNSIGNED NULL COMMENT 'a bit a day, Sunday first'",
    "repeat_minute SMALLINT UNSIGNED NULL COMMENT 'of the day, by the clocks of the zone'",
    `zone ${token(40)} NULL`,
  ],
});
