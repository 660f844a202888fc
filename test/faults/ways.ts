import type { ProcessType } from '../../dev/system/procfile.ts';
import { type Gate, openGate } from '../support/gate.ts';

/** The ways of one process to the servers, on which what passes can be broken. */
export type Ways = { mysql: Gate; redis: Gate };

export type AllWays = {
  of: ReadonlyMap<string, Ways>;
  /** The same process type, whose program takes these ways however often it starts. */
  lead(type: ProcessType): Promise<ProcessType>;
  close(): Promise<void>;
};

export function openWays({ mysqlUrl, redisUrl }: { mysqlUrl: string; redisUrl: string }): AllWays {
  const all = new Map<string, Ways>();
  return {
    of: all,
    async lead({ name, command }) {
      const ways = { mysql: await openGate(mysqlUrl), redis: await openGate(redisUrl) };
      all.set(name, ways);
      return { name, command: `env MYSQL_URL='${ways.mysql.url}' REDIS_URL='${ways.redis.url}' ${command}` };
    },
    async close() {
      await Promise.all([...all.values()].flatMap(({ mysql, redis }) => [mysql.close(), redis.close()]));
    },
  };
}
