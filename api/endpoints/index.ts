import type { Endpoint } from '../endpoint.ts';
import { accountBalance, accountCharge, accountPassword, accountSet } from './account.ts';
import { approvalsApprove, approvalsDecline, approvalsList } from './approvals.ts';
import { messageCount, messageGrandTotal } from './counting.ts';
import { deviceRegister, deviceRelease } from './device.ts';
import { eventsGet } from './events.ts';
import { groupCreate, groupSet } from './group.ts';
import { groupDelete } from './group-end.ts';
import { hookCreate, hookDelete, hookList, hookLog, hookRetry, hookRotate, hookTest } from './hooks.ts';
import { groupInviteCheck, groupJoin, groupList } from './joining.ts';
import { keysCreate, keysList, keysRevoke } from './keys.ts';
import { listsDelete, listsList, listsSet } from './lists.ts';
import { mediaUpload } from './media.ts';
import { memberFind, memberGroups, memberLogin, memberLogout } from './member.ts';
import { messageGet, messageSend } from './message.ts';
import { messageState } from './message-state.ts';
import { memberAdd, memberBye, memberHi, memberRemove, memberSet } from './roster.ts';
import { messageSchedule, messageScheduleDelete, messageScheduleList } from './schedule.ts';

/** Those of the document, in its order. */
export const documentedEndpoints: readonly Endpoint[] = [
  groupCreate,
  groupSet,
  groupDelete,
  groupList,
  groupJoin,
  groupInviteCheck,
  memberFind,
  memberLogin,
  memberGroups,
  memberAdd,
  memberRemove,
  memberSet,
  memberBye,
  memberHi,
  memberLogout,
  messageCount,
  messageGet,
  messageSend,
  messageGrandTotal,
  messageSchedule,
  messageScheduleList,
  messageScheduleDelete,
  deviceRegister,
  deviceRelease,
  accountSet,
  accountPassword,
  accountBalance,
  accountCharge,
];

/** Every endpoint: beside those of the document, ours, under /v1. */
export const endpoints: readonly Endpoint[] = [
  ...documentedEndpoints,
  messageState,
  mediaUpload,
  eventsGet,
  keysCreate,
  keysList,
  keysRevoke,
  listsList,
  listsSet,
  listsDelete,
  approvalsList,
  approvalsApprove,
  approvalsDecline,
  hookCreate,
  hookList,
  hookDelete,
  hookRotate,
  hookTest,
  hookLog,
  hookRetry,
];
