import { makesTables, time, token } from './schema.ts';

export default makesTables({
  // What an operator holds: texts from one number of ours, or from all numbers of a 10DLC campaign.
  sending_holds: [
    "kind ENUM('number', 'campaign') NOT NULL",
    `name ${token(64)} NOT NULL COMMENT 'the phone of the number, or the id of the campaign'`,
    `since ${time} NOT NULL`,
    'PRIMARY KEY (kind, name)',
  ],
});
