import { foreignKey, id, makesTables, ref, time, token } from './schema.ts';

export default makesTables({
  /*
   * Who agreed to what, or did not, for those who ask later: only ever added to. `person_id` is whose consent it is, `by_id`
   * who gave it: another person where a member or creator named them.
   */
  consents: [
    `id ${id}`,
    `person_id ${ref} NOT NULL`,
    `group_id ${ref} NULL COMMENT 'NULL: all texts of ours'`,
    `kind ENUM('consent', 'refusal', 'leave', 'stop', 'start') NOT NULL`,
    `about ENUM('texts', 'membership', 'ownership', 'device') NOT NULL`,
    `by_id ${ref} NOT NULL`,
    `way ENUM('text', 'call', 'carrier') NOT NULL`,
    `wording VARCHAR(200) NULL COMMENT 'what they said; NULL where a call or the carrier said it'`,
    `asked VARCHAR(500) NULL COMMENT 'our text that they answered'`,
    `carrier_id ${token(64)} NULL COMMENT 'of the text'`,
    `at ${time} NOT NULL`,
    'KEY consents_person (person_id, id)',
    'KEY consents_group (group_id, id)',
    foreignKey('consents_person', 'person_id', 'people'),
    foreignKey('consents_group', 'group_id', 'groups'),
  ],
});
