/** Of a message `m`: what is said in a group that has ended goes to nobody. */
export const GONE =
  "(m.kind = 'said' AND NOT EXISTS (SELECT 1 FROM `groups` g WHERE g.id = m.group_id AND g.state = 'active'))";
