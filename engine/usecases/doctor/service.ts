import { countAccountsOff } from '../../../db/billing/ledger.ts';
import type { Sql } from '../../../db/connect.ts';
import { readPauses } from '../../../db/deliveries/pauses.ts';
import { oldestUnclaimed, oldestUnwritten } from '../../../db/deliveries/sendable.ts';
import { listHolds } from '../../../db/deliveries/sending-holds.ts';
import { listNumbers } from '../../../db/groups/number-settings.ts';
import type { Config } from '../../platform/config.ts';
import { type Finding, type Found, fault, warning } from './finding.ts';

/** How the service does: sending, the pool, what waits, the books. */
export async function examineService(db: Sql, config: Config): Promise<Finding[]> {
  const pauses = await readPauses(db);
  const holds = await listHolds(db);
  const pool = (await listNumbers(db)).filter(({ kind, retired }) => kind === 'pool' && retired === 0);
  const off = await countAccountsOff(db);
  const oldest = [...(await oldestUnwritten(db)), ...(await oldestUnclaimed(db))].map(({ ageMs }) => Number(ageMs));
  const waits = Math.round(Math.max(0, ...oldest) / 1000);
  const found = [
    ...pauses.map(({ carrier, errorCode }) =>
      warning(
        `sending through ${carrier} pauses (${errorCode === 0 ? 'an operator' : `code ${errorCode}`})`,
        errorCode === 0 ? 'sending resume' : 'see what the carrier says: credit, account, limits',
      ),
    ),
    ...holds.map(({ kind, name, since }) =>
      warning(
        `sending from ${kind === 'number' ? name : `campaign ${name}`} is held by an operator since ${since.toISOString()}`,
        `sending resume --${kind} ${name}`,
      ),
    ),
    ...(pool.length === 0
      ? [fault('no number is handed out: no group can be made', 'number buy, number restore, or NUMBER_POOL')]
      : []),
    ...(waits > STUCK_SECONDS
      ? [fault(`a text could have been sent for ${waits} s`, 'start fanout and sender, or more of them')]
      : []),
    ...(off > 0
      ? [
          fault(
            `the balance of ${off} accounts is not what their ledger says`,
            'see the log; nobody writes there by hand',
          ),
        ]
      : []),
    ...settingFindings(config),
  ];
  const well: Found = { state: 'ok', says: `sending goes on; ${pool.length} numbers are handed out` };
  return (found.length > 0 ? found : [well]).map((one): Finding => ({ check: 'service', ...one }));
}

const STUCK_SECONDS = 60;

/** Settings that are right each by itself, and leave something out. */
function settingFindings({
  STRIPE_SECRET_KEY,
  STRIPE_WEBHOOK_SECRET,
  OPS_PASSWORD,
}: Pick<Config, 'STRIPE_SECRET_KEY' | 'STRIPE_WEBHOOK_SECRET' | 'OPS_PASSWORD'>): Found[] {
  return [
    ...(STRIPE_SECRET_KEY !== '' && STRIPE_WEBHOOK_SECRET === ''
      ? [
          warning(
            'refunds and disputes at Stripe are not heard of',
            'set STRIPE_WEBHOOK_SECRET: docs/operating.md, Money',
          ),
        ]
      : []),
    ...(OPS_PASSWORD === '' ? [warning('/ops is closed: no metrics, no trace', 'set OPS_PASSWORD')] : []),
  ];
}
