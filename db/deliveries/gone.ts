/**
 * Of a message `m`, why nobody is to get it any more, as the reason of its deliveries; NULL where it goes on. What is said in a
 * group that has ended goes to nobody.
 */
export const GONE = `IF(m.cancelled_at IS NOT NULL, 'cancelled',
  IF(m.kind = 'said' AND NOT EXISTS (SELECT 1 FROM \`groups\` g WHERE g.id = m.group_id AND g.state = 'active'), 'gone', NULL))`;
export type Gone = 'cancelled' | 'gone' | null;
