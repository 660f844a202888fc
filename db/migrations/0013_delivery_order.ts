import { makesTables, ref } from './schema.ts';

/**
 * A phone gets the texts of a group in the order in which they were accepted: a batch waits for those of earlier messages
 * that go to some of the same people. Batches hold people in the order of their ids, so the first and the last tell.
 */
export default makesTables({
  batches: [
    `group_id ${ref} NOT NULL DEFAULT 0 COMMENT '0: it waits for nothing'`,
    `first_person ${ref} NOT NULL DEFAULT 0`,
    `last_person ${ref} NOT NULL DEFAULT 0`,
    'KEY batches_order (group_id, number_id, message_id)',
  ],
});
