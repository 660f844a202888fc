import { type Tx, transact } from '../../db/connect.ts';
import { ownerOf, ownersAround } from '../../db/groups/group-owners.ts';
import { type NewcomerLine, readLines, setLine } from '../../db/people/lines.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { PhoneLine } from '../rules/lines.ts';
import { isFixedLine } from '../rules/phone.ts';
import { texts } from '../rules/texts.ts';
import { type SystemMessage, startSystemMessages, writeSystemMessages } from './system-messages.ts';

/**
 * Sees to it, without waiting, that owners are told of newcomers whose phones look like landlines: by their digits, as a carrier has
 * said before, or as it says now, where PLIVO_LOOKUP_URL has it asked. What a process that ends has not come to stays
 * untold: a carrier's report on the first text says it as well.
 */
export function noticeLandlines(runtime: Runtime, membershipIds: readonly number[]): void {
  if (membershipIds.length > 0) runtime.use(openNotices).add(membershipIds);
}

/** A carrier says that a phone takes no texts: the owners around it are told, once. */
export async function noteLandline(runtime: Runtime, personId: number): Promise<void> {
  await tell(runtime, async (tx) => {
    if (!(await setLine(tx, { personId, line: 'fixed' }))) return [];
    const told = new Set<number>();
    return (await ownersAround(tx, personId)).flatMap(({ owner, ...about }) => {
      if (told.has(owner.personId)) return [];
      told.add(owner.personId);
      return [messageOf({ owner, ...about })];
    });
  });
}

/** One after the other: nobody waits for it, and a carrier is asked for one at a time. */
function openNotices(runtime: Runtime): { add(membershipIds: readonly number[]): void; close(): Promise<void> } {
  let last = Promise.resolve();
  let isClosing = false;
  return {
    add(membershipIds) {
      last = last.then(async () => {
        if (isClosing) return;
        await look(runtime, membershipIds).catch((error: unknown) =>
          warnRarely(runtime.log, { reason: String(error) }, 'it was not looked whether newcomers have landlines'),
        );
      });
    },
    close() {
      isClosing = true;
      return last;
    },
  };
}

async function look(runtime: Runtime, membershipIds: readonly number[]): Promise<void> {
  for (const newcomer of await readLines(runtime.db, membershipIds)) {
    const line = newcomer.line ?? (await lineOf(runtime, newcomer));
    if (line === null) continue;
    if (line !== 'fixed') await setLine(runtime.db, { personId: newcomer.personId, line });
    else if (newcomer.line === null) await noteLandline(runtime, newcomer.personId);
    // The owners of other groups were told when it was found out.
    else await tellOwner(runtime, newcomer);
  }
}

/** Null where that is not known: nearly always, since digits say nothing in North America. */
async function lineOf(runtime: Runtime, { phone }: NewcomerLine): Promise<PhoneLine | null> {
  if (isFixedLine(phone)) return 'fixed';
  return (await runtime.carriers.lookUp?.(phone)) ?? null;
}

async function tellOwner(runtime: Runtime, { membershipId, groupId }: NewcomerLine): Promise<void> {
  await tell(runtime, async (tx) => {
    const around = await ownerOf(tx, membershipId);
    return around === undefined ? [] : [messageOf({ groupId, ...around })];
  });
}

function messageOf({ groupId, group, who, owner }: About): SystemMessage {
  return { groupId, text: () => texts.looksLikeLandline({ who, group }), to: [owner], urgent: false };
}

type About = {
  groupId: number;
  group: string;
  who: string;
  owner: { personId: number; membershipId: number; numberId: number };
};

async function tell(runtime: Runtime, decide: (tx: Tx) => Promise<SystemMessage[]>): Promise<void> {
  const ids = await transact(runtime.db, async (tx) =>
    writeSystemMessages(runtime, tx, { cause: { by: 'system' }, messages: await decide(tx), now: new Date() }),
  );
  await startSystemMessages(runtime, ids);
}
