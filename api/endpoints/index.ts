import type { Endpoint } from '../endpoint.ts';
import { groupCreate, groupSet } from './group.ts';
import { memberFind, memberGroups, memberLogin, memberLogout } from './member.ts';
import { messageGet, messageSend } from './message.ts';

/** Every endpoint, in the order of the document. */
export const endpoints: readonly Endpoint[] = [
  groupCreate,
  groupSet,
  memberFind,
  memberLogin,
  memberGroups,
  memberLogout,
  messageGet,
  messageSend,
];
