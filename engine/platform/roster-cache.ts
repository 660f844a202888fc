import { LRUCache } from 'lru-cache';
import type { Db } from '../../db/connect.ts';
import type { Member, Roster } from '../rules/types.ts';
import type { Config } from './config.ts';
import { keys } from './keys.ts';
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
  /** The members of the same roster by the id of their person. */
  readByPerson(at: RosterAt): Promise<ReadonlyMap<number, Member>>;
};

/** The map is drawn for those who ask. */
type Entry = { roster: Roster; byPerson?: ReadonlyMap<number, Member> };

export function openRosters({
  db,
  redis,
  config,
}: {
  db: Db;
  redis: RedisClient;
  config: Pick<Config, 'MAX_MEMBERS'>;
}): Rosters {
  const near = new LRUCache<string, Entry>({
    // A roster that is larger than the whole cache would be read anew for each batch.
    maxSize: Math.max(NEAR_MEMBERS, 2 * (config.MAX_MEMBERS + 1)),
    sizeCalculation: ({ roster }) => roster.members.length + 1,
  });

  async function find(at: RosterAt): Promise<Entry> {
    const name = `${at.groupId}:${at.version}:${at.tag}`;
    return near.get(name) ?? fetchOnce(name, at);
  }

  const draw = openRosterDrawing(db);

  const fetchOnce = singleFlight(fetch, (name) => name);
  async function fetch(name: string, at: RosterAt): Promise<Entry> {
    const key = keys.roster(at);
    // Redis only saves work here: unavailable or slow, MySQL answers.
    const cached = await redis.get(key).catch(() => null);
    const roster = cached === null ? await draw(at) : (JSON.parse(cached) as Roster);
    const entry = { roster };
    near.set(name, entry);
    if (cached === null && roster.members.length <= FAR_MEMBERS)
      redis.set(key, JSON.stringify(roster), 'EX', FAR_SECONDS).catch(() => undefined);
    return entry;
  }

  return {
    async read(at) {
      return (await find(at)).roster;
    },
    async readByPerson(at) {
      const entry = await find(at);
      entry.byPerson ??= new Map(entry.roster.members.map((member) => [member.personId, member]));
      return entry.byPerson;
    },
  };
}

/** Members kept in this process, over all rosters: some 30 MB; two of the largest groups where those are larger. */
const NEAR_MEMBERS = 100_000;
/** As one string some 4 MB: a longer one would keep everybody else waiting who asks Redis over the same connection. */
const FAR_MEMBERS = 20_000;
const FAR_SECONDS = 3_600;
