import type { Endpoint } from '../endpoint.ts';
import { accountBalance, accountCharge, accountPassword, accountSet } from './account.ts';
import { messageCount, messageGrandTotal } from './counting.ts';
import { deviceRegister, deviceRelease } from './device.ts';
import { groupCreate, groupSet } from './group.ts';
import { groupDelete } from './group-end.ts';
import { groupInviteCheck, groupJoin, groupList } from './joining.ts';
import { memberFind, memberGroups, memberLogin, memberLogout } from './member.ts';
import { messageGet, messageSend } from './message.ts';
import { memberAdd, memberBye, memberHi, memberRemove, memberSet } from './roster.ts';
import { messageSchedule, messageScheduleDelete, messageScheduleList } from './schedule.ts';

/** Every endpoint, in the order of the document. */
export const endpoints: readonly Endpoint[] = [
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
