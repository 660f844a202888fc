import { foreignKey, makesTables, ref, time, token } from './schema.ts';

/**
 * What happened in a group beside its messages, for apps. Each group counts its own, under its lock, as it counts its
 * messages: so the numbers have no gaps, and who sees one sees all before it.
 */
export default makesTables({
  groups: ['last_event_id INT UNSIGNED NOT NULL DEFAULT 0'],
  group_events: [
    `group_id ${ref} NOT NULL`,
    'event_id INT UNSIGNED NOT NULL',
    `after_message INT UNSIGNED NOT NULL COMMENT 'the group’s last message id before it'`,
    `version INT UNSIGNED NOT NULL COMMENT 'of the roster: who was there sees it'`,
    `kind ${token(20)} NOT NULL`,
    `membership_id ${ref} NULL COMMENT 'whom it is about'`,
    `message_id ${ref} NULL COMMENT 'row of messages'`,
    `schedule_id ${ref} NULL`,
    `fields ${token(255)} NULL COMMENT 'settings that changed, by comma'`,
    `at ${time} NOT NULL`,
    'PRIMARY KEY (group_id, event_id)',
    'KEY group_events_age (at)',
    foreignKey('group_events_group', 'group_id', 'groups'),
  ],
  accounts: [`times_low INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'how often its owner was told that it runs low'`],
});
