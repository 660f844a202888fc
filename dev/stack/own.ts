import { makeDataFolder, mysqlUrl, planDatabase } from './database.ts';
import { dockerMysqlUrl, fetchImage, planContainer, removeContainer } from './docker.ts';
import type { Guard } from './guard.ts';
import { packages } from './install.ts';
import { isFree } from './port.ts';
import type { Provided } from './provide.ts';
import { planRedis, redisUrl } from './redis.ts';
import { makeServer, type Server, type ServerPlan } from './server.ts';
import type { Address, ServerName, State } from './state.ts';

export type Place = {
  folder: string;
  durable: boolean;
  provided: Provided;
  guard: Guard;
  state: State;
  /** Every server that was begun: what `close` has to stop. */
  servers: Server[];
  onProgress: (step: string) => void;
};

/** Starts a server of our own in the stack's folder; tries other ports when somebody is faster at one. */
export async function openOwn(name: ServerName, place: Place): Promise<{ url: string; server: Server }> {
  const way = wayOf(name, place);
  await place.state.endLeftover(name);
  place.onProgress(way.preparing);
  await way.prepare();
  place.onProgress(way.starting);
  for (let tries = 1; ; tries += 1) {
    const address = await place.state.address(name);
    const server = makeServer(way.plan(address), place.guard, (process) => place.state.started(name, process));
    place.servers.push(server);
    try {
      await server.start();
      return { url: way.url(address), server };
    } catch (error) {
      await server.kill();
      if (tries === 3 || (await isFree(address.port))) throw error;
    }
  }
}

type Way = {
  preparing: string;
  prepare(): Promise<void>;
  starting: string;
  plan(address: Address): ServerPlan;
  url(address: Address): string;
};

function wayOf(name: ServerName, { provided, folder, durable, guard }: Place): Way {
  const { redis, docker } = provided;
  const programs = name === 'redis' ? undefined : provided[name];
  const title = packages[name].name;
  if (name !== 'redis' && programs !== undefined) {
    return {
      preparing: `Making ${title}'s data folder`,
      prepare: () => makeDataFolder(name, programs, { folder, guard }),
      starting: `Starting ${title}`,
      plan: (address) => planDatabase(name, programs, { folder, address, durable }),
      url: mysqlUrl,
    };
  }
  if (name === 'redis' && redis !== undefined) {
    return {
      preparing: 'Starting Redis',
      prepare: async () => {},
      starting: 'Starting Redis',
      plan: (address) => planRedis(redis, { folder, address }),
      url: redisUrl,
    };
  }
  if (docker === undefined) throw new Error(`Nothing provides ${name}.`);
  return {
    preparing: `Fetching the image of ${title} for Docker`,
    prepare: async () => {
      await removeContainer(docker, name, folder);
      await fetchImage(docker, name);
    },
    starting: `Starting ${title} in Docker`,
    plan: (address) => planContainer(docker, name, { folder, address, durable }),
    url: name === 'redis' ? redisUrl : dockerMysqlUrl,
  };
}
