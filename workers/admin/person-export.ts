import { findAccount } from '../../db/billing/accounts.ts';
import { listEntries } from '../../db/billing/entries.ts';
import { firstIdSince } from '../../db/first-since.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { listApiKeys } from '../../db/people/api-keys.ts';
import { readEvidence, readSentLines } from '../../db/people/evidence.ts';
import { readAllMemberships, readDevicesOf, readSaid, readSessionsOf } from '../../db/people/person-export.ts';
import { mediaAddresses } from '../../engine/platform/media-addresses.ts';
import { nameInReference } from '../../engine/rules/media.ts';
import { type Call, type Command, secretIn, sheetOf } from './command.ts';

export const personExport: Command = {
  words: ['person', 'export'],
  takes: ['<phone>'],
  does: 'writes all that we keep of a phone, as JSON, for a person who asks for it: name, groups, what they said (their pictures by addresses that are good for 3 days), which texts went to them, consents, devices, sessions, account and ledger. Secrets (PINs, passwords, tokens) are kept as hashes or not shown',
  examples: ['person export +12015550123 --reason "asked by letter of 3 May"'],
  changes: true,
  async run(call) {
    const { db } = call;
    const { id: personId, ...person } = await sheetOf(call, call.args[0] ?? '');
    const account = (await findAccount(db, personId)) ?? null;
    const end = await firstIdSince(db, 'messages', new Date(call.now.getTime() + DAY_MS));
    const json = {
      person,
      memberships: await readAllMemberships(db, personId),
      said: (await all((afterId) => readSaid(db, { personId, afterId, limit: AT_ONCE }))).map((text) => ({
        ...text,
        media: addressesOf(call.env, readMedia(text.media)),
      })),
      sent: await readSentLines(db, { personId, first: await firstIdSince(db, 'messages', person.since), end }),
      consents: await readEvidence(db, { personId }),
      devices: await readDevicesOf(db, person.phone),
      sessions: await readSessionsOf(db, personId),
      apiKeys: await listApiKeys(db, personId),
      account,
      ledger:
        account === null
          ? []
          : await all((afterId) => listEntries(db, { accountId: account.id, afterId, limit: AT_ONCE })),
    };
    return { text: JSON.stringify(json, null, 2), json };
  },
};

const AT_ONCE = 1_000;
const DAY_MS = 86_400_000;

async function all<T extends { id: number }>(page: (afterId: number) => Promise<T[]>): Promise<T[]> {
  const found: T[] = [];
  for (let some = await page(0); some.length > 0; some = await page(found.at(-1)?.id ?? 0)) found.push(...some);
  return found;
}

/** Where the pictures of a text can be fetched; without the settings that addresses are made of, the names in the store. */
function addressesOf(env: Call['env'], media: readonly string[]): string[] {
  const secret = secretIn(env);
  const { PUBLIC_URL = '' } = env;
  if (secret === null || PUBLIC_URL === '') return media.map((one) => nameInReference(one) ?? one);
  return mediaAddresses({ PUBLIC_URL, APP_SECRET: secret }, media);
}
