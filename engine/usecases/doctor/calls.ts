import type { CarrierAccount } from '../../carriers/carrier.ts';
import type { Config } from '../../platform/config.ts';
import { publicUrlOf, webhookPaths } from '../../platform/webhook-urls.ts';
import type { CarrierName } from '../../rules/carriers.ts';
import { type Found, warning } from './finding.ts';

/** Where calls to our numbers go. Texts do not depend on it, so all that is wrong there is a warning. */
export async function callFindings(
  name: CarrierName,
  account: CarrierAccount,
  { ours, config }: { ours: ReadonlySet<string>; config: Config },
): Promise<Found[]> {
  const expected = publicUrlOf(config.PUBLIC_URL, webhookPaths(name, 'call')[0]);
  try {
    const answering = [...(await account.listAnswering())].filter(([phone]) => ours.has(phone));
    const numbersOf = (application: string | null) =>
      answering.filter(([, one]) => one === application).map(([phone]) => phone);
    const silent = numbersOf(null);
    const found =
      silent.length === 0
        ? []
        : [
            warning(
              `calls to numbers go to no ${account.answeredBy}: ${LOST}`,
              `assign the numbers to one whose ${addressAt[name]} is ${expected} (POST)`,
              silent,
            ),
          ];
    for (const application of new Set(answering.flatMap(([, one]) => one ?? []))) {
      const asks = await account.readAnswering(application);
      if (asks?.url === expected && asks.isSigned) continue;
      const where = asks === null ? 'nobody' : asks.isSigned ? asks.url : `${asks.url} by GET, which is not signed,`;
      found.push(
        warning(
          `${account.answeredBy} ${application} asks ${where} what becomes of a call: ${LOST}`,
          `set its ${addressAt[name]} to ${expected} (POST)`,
          numbersOf(application),
        ),
      );
    }
    return found;
  } catch {
    return [
      warning(
        `${name} does not say where calls to our numbers go`,
        `see in its console that the ${addressAt[name]} is ${expected} (POST)`,
      ),
    ];
  }
}

const LOST = 'callers do not hear how to text, and *forward does nothing';

/** How the carrier's console calls it. */
const addressAt: Readonly<Record<CarrierName, string>> = { plivo: 'answer URL', telnyx: 'voice URL' };
