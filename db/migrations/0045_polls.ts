import { foreignKey, id, makesTables, ref, time } from './schema.ts';

export default makesTables({
  polls: [
    `id ${id}`,
    `group_id ${ref} NOT NULL`,
    `by_id ${ref} NOT NULL COMMENT 'membership'`,
    'question VARCHAR(200) NOT NULL',
    "choices VARCHAR(400) NOT NULL COMMENT 'a line each'",
    "votes INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how often somebody answered; a result is of one such count'",
    `opened_at ${time} NOT NULL`,
    `closed_at ${time} NULL`,
    'KEY polls_group (group_id)',
    'KEY polls_by (by_id)',
    'KEY polls_opened (opened_at)',
    foreignKey('polls_group', 'group_id', 'groups'),
    foreignKey('polls_by', 'by_id', 'memberships'),
  ],
  poll_votes: [
    `poll_id ${ref} NOT NULL`,
    `member_id ${ref} NOT NULL COMMENT 'membership'`,
    "choice TINYINT UNSIGNED NOT NULL COMMENT 'which line, from 0'",
    `voted_at ${time} NOT NULL`,
    'PRIMARY KEY (poll_id, member_id)',
    'KEY poll_votes_member (member_id)',
    `${foreignKey('poll_votes_poll', 'poll_id', 'polls')} ON DELETE CASCADE`,
    foreignKey('poll_votes_member', 'member_id', 'memberships'),
  ],
  groups: [`poll_id ${ref} NULL COMMENT 'the one that was opened last'`],
});
