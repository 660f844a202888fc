import type { Sql } from '../../../db/connect.ts';
import { listNumbers, type NumberSettings } from '../../../db/groups/number-settings.ts';
import { AccountRefused, type CarrierAccount, type CarrierNumber } from '../../carriers/carrier.ts';
import type { Config } from '../../platform/config.ts';
import type { Carriers } from '../../platform/runtime.ts';
import { publicUrlOf, webhookPaths } from '../../platform/webhook-urls.ts';
import type { CarrierName } from '../../rules/carriers.ts';
import { callFindings } from './calls.ts';
import { type Finding, type Found, fault, warning } from './finding.ts';

type Asked = { carriers: Carriers; config: Config; numbers: readonly NumberSettings[] };

/** Each carrier that is set up: its credentials and credit, and our numbers as it has them. `db` is null where it is not there. */
export async function examineCarriers(
  db: Sql | null,
  { carriers, config }: Omit<Asked, 'numbers'>,
): Promise<Finding[]> {
  const numbers = db === null ? [] : await listNumbers(db);
  const findings: Finding[] = [];
  for (const [name, { account }] of carriers.all)
    findings.push(...(await examineOne(name, account, { carriers, config, numbers })));
  return findings;
}

async function examineOne(name: CarrierName, account: CarrierAccount, asked: Asked): Promise<Finding[]> {
  try {
    const credit = await account.readCredit();
    const theirs = await account.listNumbers();
    const ours = asked.numbers.filter(({ carrier }) => carrier === name);
    const found = [
      ...numberFindings(ours, theirs, { hasCampaign: name === 'plivo' && asked.config.PLIVO_CAMPAIGN_ID !== '' }),
      ...(await inboundFindings(name, account, { ours, theirs, config: asked.config })),
      ...(await callFindings(name, account, { ours: attachedOf(ours, theirs), config: asked.config })),
    ];
    const well: Found = { state: 'ok', says: `${name} has all ${ours.length} of ours` };
    return [
      { check: 'carrier', ...creditFinding(name, credit) },
      ...(found.length > 0 ? found : [well]).map((one): Finding => ({ check: 'numbers', ...one })),
    ];
  } catch (error) {
    return [{ check: 'carrier', ...whyNot(name, error) }];
  }
}

/** Ours that the account has, and that are not lost to texts already. */
function attachedOf(ours: readonly NumberSettings[], theirs: readonly CarrierNumber[]): ReadonlySet<string> {
  const attached = new Set(theirs.flatMap(({ phone, application }) => (application === null ? [] : phone)));
  return new Set(ours.flatMap(({ phone }) => (attached.has(phone) ? phone : [])));
}

function whyNot(name: CarrierName, error: unknown): Found {
  if (error instanceof AccountRefused)
    return fault(`${name} does not take our credentials (${error.message})`, 'copy the credentials from its console');
  return fault(`${name} does not answer`, 'look at its status page and at the address in the settings');
}

function creditFinding(name: CarrierName, credit: number | null): Found {
  if (credit !== null && credit <= 0) return fault(`the credit at ${name} is used up`, 'pay in: nothing goes out');
  if (credit !== null && credit < LITTLE)
    return warning(`${credit.toFixed(2)} dollars are left at ${name}`, 'pay in, or let it recharge by itself');
  return {
    state: 'ok',
    says: `${name} takes our credentials${credit === null ? '' : `; ${credit.toFixed(2)} dollars are left`}`,
  };
}
const LITTLE = 10;

/** Ours against the carrier's. A retired number still serves its members. */
function numberFindings(
  ours: readonly Pick<NumberSettings, 'phone' | 'kind' | 'class' | 'campaign'>[],
  theirs: readonly CarrierNumber[],
  { hasCampaign }: { hasCampaign: boolean },
): Found[] {
  const byPhone = new Map(theirs.map((number) => [number.phone, number]));
  const used = ours.filter(({ kind }) => kind !== 'ordered');
  const there = used.flatMap((number) => {
    const at = byPhone.get(number.phone);
    return at === undefined ? [] : [{ ...number, at }];
  });
  const missing = used.filter(({ phone }) => !byPhone.has(phone));
  const silent = there.filter(({ at }) => !at.sms);
  const wordless = there.filter(({ at }) => at.sms && !at.mms);
  const unlinked = there.filter(
    (one) => one.class === 'long' && one.campaign !== null && one.at.campaign !== one.campaign,
  );
  const unregistered = hasCampaign
    ? []
    : there.filter((one) => one.class === 'long' && one.campaign === null && one.at.campaign === null);
  return [
    ...some(missing, (which) =>
      fault('numbers of ours are not the account’s', 'number retire, or buy or port them there', which),
    ),
    ...some(silent, (which) =>
      fault('numbers of ours cannot send texts there', 'see what the carrier’s console says of them', which),
    ),
    ...some(wordless, (which) =>
      warning('numbers of ours cannot send pictures', 'members get the words alone from them', which),
    ),
    ...some(unlinked, (which) =>
      fault(
        'numbers are not registered in the campaign that we have for them',
        'number link, or number set --campaign',
        which,
      ),
    ),
    ...some(unregistered, (which) =>
      warning(
        'long numbers are in no 10DLC campaign',
        'US carriers charge more for their texts, or refuse them: register one',
        which,
      ),
    ),
  ];
}

async function inboundFindings(
  name: CarrierName,
  account: CarrierAccount,
  { ours, theirs, config }: { ours: readonly NumberSettings[]; theirs: readonly CarrierNumber[]; config: Config },
): Promise<Found[]> {
  const phones = new Set(ours.map(({ phone }) => phone));
  const attached = theirs.filter(({ phone }) => phones.has(phone));
  const expected = publicUrlOf(config.PUBLIC_URL, webhookPaths(name, 'message')[0]);
  const loose = attached.filter(({ application }) => application === null);
  const found = some(loose, (which) =>
    fault(`numbers belong to no ${account.inboundBy}: texts to them are lost`, 'number attach', which),
  );
  for (const application of new Set(attached.flatMap(({ application }) => application ?? []))) {
    const url = await account.readInbound(application);
    if (url === expected) continue;
    const which = attached.filter((one) => one.application === application).map(({ phone }) => phone);
    found.push(
      fault(
        `${account.inboundBy} ${application} sends inbound texts to ${url ?? 'nowhere'}`,
        `set its message URL to ${expected} (POST)`,
        which,
      ),
    );
  }
  return found;
}

function some(numbers: readonly { phone: string }[], say: (which: string[]) => Found): Found[] {
  return numbers.length === 0 ? [] : [say(numbers.map(({ phone }) => phone))];
}
