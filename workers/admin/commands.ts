import { accountDeduct, accountGrant } from './account-correction.ts';
import { accountLedger } from './account-ledger.ts';
import { accountStatement } from './account-statement.ts';
import { accountType } from './account-type.ts';
import { audit } from './audit.ts';
import { books } from './books.ts';
import { campaign } from './campaign.ts';
import { campaignList, campaignSet } from './campaign-limits.ts';
import type { Command, OfflineCommand } from './command.ts';
import { databaseMoved } from './database-moved.ts';
import { databaseRestored } from './database-restored.ts';
import { doctor } from './doctor.ts';
import { groupDelete, groupOwner, groupResume, groupSuspend } from './group-acts.ts';
import { groupFind } from './group-find.ts';
import { groupShow } from './group-show.ts';
import { hookDelete, hookList, hookLog, hookRetry } from './hook.ts';
import { keyCreate, keyList, keyRevoke } from './key.ts';
import { messageCancel } from './message-cancel.ts';
import { messageFind } from './message-find.ts';
import { messageRequeue } from './message-requeue.ts';
import { messageTrace } from './message-trace.ts';
import { numberAttach, numberBuy, numberCheck, numberImport, numberLink, numberSearch } from './number-carrier.ts';
import { numberList } from './number-list.ts';
import { numberPool } from './number-pool.ts';
import { numberRelease } from './number-release.ts';
import { numberRest } from './number-rest.ts';
import { numberRestore, numberRetire } from './number-retire.ts';
import { numberSet } from './number-set.ts';
import { numberStats } from './number-stats.ts';
import { operatorAdd, operatorList, operatorPassword, operatorRemove } from './operator.ts';
import { personBlock, personUnblock } from './person-block.ts';
import { personExport } from './person-export.ts';
import { personFind } from './person-find.ts';
import { personForget } from './person-forget.ts';
import { personShow } from './person-show.ts';
import { queuesDrain, queuesShow } from './queues.ts';
import { sendingPause, sendingResume, sendingStatus } from './sending.ts';

/** What an operator may do from a terminal; a new command is a new row. */
export const commands: readonly (Command | OfflineCommand)[] = [
  accountType,
  accountStatement,
  accountLedger,
  accountGrant,
  accountDeduct,
  books,
  campaign,
  campaignList,
  campaignSet,
  numberList,
  numberSet,
  numberRetire,
  numberRestore,
  numberRest,
  numberRelease,
  numberPool,
  numberStats,
  numberCheck,
  numberSearch,
  numberBuy,
  numberImport,
  numberAttach,
  numberLink,
  personFind,
  personShow,
  personExport,
  personForget,
  personBlock,
  personUnblock,
  groupFind,
  groupShow,
  groupSuspend,
  groupResume,
  groupDelete,
  groupOwner,
  messageFind,
  messageTrace,
  messageCancel,
  messageRequeue,
  sendingStatus,
  sendingPause,
  sendingResume,
  queuesShow,
  queuesDrain,
  keyCreate,
  keyRevoke,
  keyList,
  hookList,
  hookLog,
  hookRetry,
  hookDelete,
  operatorAdd,
  operatorPassword,
  operatorRemove,
  operatorList,
  databaseRestored,
  databaseMoved,
  doctor,
  audit,
];

/** As the help and the guide write it: `account type <phone> <type>`. */
export function usageOf({ words, takes, options = {} }: Command | OfflineCommand): string {
  return [...words, ...takes, ...Object.keys(options).map((flags) => `[${flags}]`)].join(' ');
}
