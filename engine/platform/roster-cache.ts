import { LRUCache } from 'lru-cache';
import type { Db } from '../../db/connect.ts';
import type { Roster } from '../rules/types.ts';
import type { Config } from './config.ts';
import { keys } from './keys.ts';
import { packRecipients, type Recipients } from './recipients.ts';
import type { RedisClient } from './redis.ts';
import { openRosterDrawing, type RosterAt } from './roster-drawing.ts';
import { singleFlight } from './single-flight.ts';

/**
 * Rosters by group, version and tag. Who is in it never changes, so what is cached is never stale: in this process, in
 * Redis as one string under the name of its shape, so that a deploy never reads what another release has drawn, and else
 * drawn from MySQL, also for a version that has passed: with its members of then, and with blocks, mutes and settings as
 * they are now, which each claim looks at once more. A database that was restored counts the same versions again, but
 * draws other tags: no roster of the history that was lost is read.
 */
export type Rosters = {
  read(at: RosterAt): Promise<Roster>;
  /** The same for senders, ten times as many in the same memory. */
  readRecipients(at: RosterAt): Promise<Recipients>;
};

export function openRosters({
  db,
  redis,
  config,
}: {
  db: Db;
  redis: RedisClient;
  config: Pick<Config, 'MAX_MEMBERS'>;
}): Rosters {
  // A roster that is larger than the whole cache would be read anew for each batch.
  const near = new LRUCache<string, Roster>({
    maxSize: Math.max(NEAR_MEMBERS, 2 * (config.MAX_MEMBERS + 1)),
    sizeCalculation: ({ members }) => members.length + 1,
  });
  const packed = new LRUCache<string, Recipients>({
    maxSize: Math.max(NEAR_RECIPIENTS, 2 * (config.MAX_MEMBERS + SIZE_OF_A_LIST)),
    sizeCalculation: ({ size }) => size + SIZE_OF_A_LIST,
  });

  const draw = openRosterDrawing(db);

  const fetchOnce = singleFlight(fetch, nameOf);
  async function fetch(at: RosterAt): Promise<Roster> {
    const key = keys.roster(at);
    // Redis only saves work here: unavailable or slow, MySQL answers.
    const cached = await redis.get(key).catch(() => null);
    const roster = cached === null ? await draw(at) : (JSON.parse(cached) as Roster);
    if (cached === null && roster.members.length <= FAR_MEMBERS)
      redis.set(key, JSON.stringify(roster), 'EX', FAR_SECONDS).catch(() => undefined);
    return roster;
  }

  const packOnce = singleFlight(pack, nameOf);
  async function pack(at: RosterAt): Promise<Recipients> {
    const name = nameOf(at);
    const recipients = packRecipients(near.get(name) ?? (await fetchOnce(at)));
    packed.set(name, recipients);
    return recipients;
  }

  return {
    async read(at) {
      const name = nameOf(at);
      const kept = near.get(name);
      if (kept !== undefined) return kept;
      const roster = await fetchOnce(at);
      near.set(name, roster);
      return roster;
    },
    readRecipients: async (at) => packed.get(nameOf(at)) ?? packOnce(at),
  };
}

function nameOf({ groupId, version, tag }: RosterAt): string {
  return `${groupId}:${version}:${tag}`;
}

/** Members kept in this process, over all rosters: some 30 MB; two of the largest groups where those are larger. */
const NEAR_MEMBERS = 100_000;
/** Likewise of those who get texts, some 45 MB. */
const NEAR_RECIPIENTS = 1_000_000;
/** What a list takes beside its members, as so many of them. */
const SIZE_OF_A_LIST = 30;
/** As one string some 4 MB: a longer one would keep everybody else waiting who asks Redis over the same connection. */
const FAR_MEMBERS = 20_000;
const FAR_SECONDS = 3_600;
