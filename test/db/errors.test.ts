import { expect } from 'chai';
import { DatabaseUnavailable, errnoOf, isRefusedForNow } from '../../db/connect.ts';
import { translate } from '../../db/errors.ts';

/**
 * By the references of server and client errors of MySQL 9.7 (for the server’s, `perror NUMBER` says the same), and of MariaDB or
 * ProxySQL where that is said.
 */
const MEANS_UNAVAILABLE = [
  [1040, 'ER_CON_COUNT_ERROR', 'too many connections'],
  [1047, 'ER_UNKNOWN_COM_ERROR', 'Galera: a node without a majority'],
  [1053, 'ER_SERVER_SHUTDOWN', 'the server stops'],
  [1129, 'ER_HOST_IS_BLOCKED', 'too many failed connections from here'],
  [
    1290,
    'ER_OPTION_PREVENTS_STATEMENT',
    'read_only or super_read_only: a secondary, or a member that has left its group',
  ],
  [1158, 'ER_NET_READ_ERROR', 'MariaDB’s Spider: the server behind a link does not go on'],
  [1159, 'ER_NET_READ_INTERRUPTED', 'MariaDB’s Spider: the server behind a link is not heard of in time'],
  [1160, 'ER_NET_ERROR_ON_WRITE', 'MariaDB’s Spider: the server behind a link takes nothing'],
  [1161, 'ER_NET_WRITE_INTERRUPTED', 'MariaDB’s Spider: the server behind a link takes nothing in time'],
  [1429, 'ER_CONNECT_TO_FOREIGN_DATA_SOURCE', 'MariaDB’s Spider: the server behind a link is not there'],
  [12701, '', 'MariaDB’s Spider: the server behind a link went away'],
  [1836, 'ER_READ_ONLY_MODE', 'InnoDB is read-only'],
  [1927, 'ER_CONNECTION_KILLED', 'MariaDB: the connection was killed'],
  [2002, 'CR_CONNECTION_ERROR', 'a proxy has nobody behind it'],
  [2003, 'CR_CONN_HOST_ERROR', 'MySQL Router, where the primary is lost and not replaced yet'],
  [2006, 'CR_SERVER_GONE_ERROR', 'a proxy has lost the server'],
  [2013, 'CR_SERVER_LOST', 'a proxy has lost the server in the middle of a statement'],
  [9001, '', 'ProxySQL has nobody behind it'],
  [3032, 'ER_SERVER_OFFLINE_MODE', 'group_replication_exit_state_action = OFFLINE_MODE'],
  [3100, 'ER_RUN_HOOK_ERROR', 'a COMMIT at a member that is not in its group, or left it meanwhile'],
  [3101, 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT', 'a COMMIT that was waiting when its member left the group'],
  [3169, 'ER_SESSION_WAS_KILLED', 'MySQL: the connection was killed'],
  [3781, 'ER_GR_HOLD_WAIT_TIMEOUT', 'a new primary still applies what the old one has committed'],
  [3782, 'ER_GR_HOLD_KILLED', 'the same, and the plugin stopped'],
  [3783, 'ER_GR_HOLD_MEMBER_STATUS_ERROR', 'the same, and the member left its group'],
  [3797, 'ER_GRP_TRX_CONSISTENCY_BEFORE', 'consistency BEFORE: the wait for others ended'],
  [3798, 'ER_GRP_TRX_CONSISTENCY_AFTER_ON_TRX_BEGIN', 'consistency AFTER: the wait for others ended'],
  [3799, 'ER_GRP_TRX_CONSISTENCY_BEGIN_NOT_ALLOWED', 'group replication stops at this member'],
  [4031, 'ER_CLIENT_INTERACTION_TIMEOUT', 'MySQL: the connection was idle for too long'],
  [4094, 'ER_OPERATION_NOT_ALLOWED_WHILE_PRIMARY_CHANGE_IS_RUNNING', 'group_replication_set_as_primary'],
] as const;

const MEANS_AGAIN = [
  [1020, 'ER_CHECKREAD', 'MariaDB: the row has changed since it was read'],
  [1205, 'ER_LOCK_WAIT_TIMEOUT', 'a wait for a lock was too long'],
  [1213, 'ER_LOCK_DEADLOCK', 'a deadlock, or in Galera another node was first'],
] as const;

describe('what MySQL refuses', () => {
  for (const [errno, code, when] of MEANS_UNAVAILABLE)
    it(`with ${errno} counts as away, and what was asked as not known: ${when}`, () => {
      const error = translate(refusal(errno, code), 'COMMIT');
      expect(error).to.be.instanceOf(DatabaseUnavailable);
      // Done again at once, what the others have would be there twice.
      expect(isRefusedForNow(error)).to.equal(false);
    });

  for (const [errno, code, when] of MEANS_AGAIN)
    it(`with ${errno} has not happened and is done again: ${when}`, () => {
      const error = translate(refusal(errno, code), 'COMMIT');
      expect(error).not.to.be.instanceOf(DatabaseUnavailable);
      expect(isRefusedForNow(error)).to.equal(true);
    });

  it('for another reason is neither, and says nothing of what was written', () => {
    const error = translate(refusal(3098, 'ER_BEFORE_DML_VALIDATION_ERROR'), 'INSERT INTO a VALUES (?)');
    expect(error).not.to.be.instanceOf(DatabaseUnavailable);
    expect([errnoOf(error), isRefusedForNow(error)]).to.deep.equal([3098, false]);
    expect((error as Error).message).not.to.contain('+14155550100');
  });
});

/** As the driver has it. */
function refusal(errno: number, code: string): Error {
  return Object.assign(new Error('refused, with +14155550100 in it'), { errno, code, sqlState: 'HY000' });
}
