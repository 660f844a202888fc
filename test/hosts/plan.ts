/** The hosts of the rehearsal, each with processes of its own; `outside` is this machine, where people and apps are. */
export const HOSTS = [
  'proxy',
  'web',
  'web.2',
  'fanout',
  'fanout.2',
  'sender',
  'sender.2',
  'sender.3',
  'sender.4',
  'clock',
  'clock.2',
  'mysql',
  'mysql.2',
  'mysql.3',
  'redis',
  'redis.2',
  'redis.3',
  'carrier',
] as const;
export type HostName = (typeof HOSTS)[number];
/** In the order of the nodes of the cluster. */
export const REDIS_HOSTS = ['redis', 'redis.2', 'redis.3'] as const satisfies readonly HostName[];

/** The second of everything, where the network falls in two. */
export const HALF: readonly HostName[] = ['web.2', 'fanout.2', 'sender.2', 'sender.4', 'clock.2', 'redis.2', 'redis.3'];

/** In the order of the nodes of a Galera cluster or of a group; without one, the third has nothing to do. */
export const MYSQL_HOSTS = ['mysql', 'mysql.2', 'mysql.3'] as const satisfies readonly HostName[];

/** How many processes of each type run, one a host. */
export const COPIES: Readonly<Record<string, number>> = { web: 2, fanout: 2, sender: 4, clock: 2 };

/** Namespaces, interfaces and addresses of one run; what is made outside of the namespaces has its number in its name. */
export type Plan = {
  /** Of the namespace with the two bridges. */
  switchSpace: string;
  hosts: readonly Host[];
  outside: { interface: string; address: string };
  /** Where apps call, and where the carrier does. */
  proxy: { forApps: string; forCarrier: string };
  /** Where MySQL is: an address that moves from the host of the primary to another. */
  database: string;
  /** From the carrier's host to its program, which runs outside of the namespaces. */
  carrierLine: { interface: string; near: string; far: string };
  /** Of the routing that takes what the carrier's program says through the carrier's host. */
  table: string;
};
export type Host = { name: HostName; space: string; port: string; address: string };

/** Networks for measuring, by RFC 2544: 198.18.0.0/15. Two runs at once have others, by the number of their process. */
export function planNetwork(pid: number): Plan {
  const net = 1 + (pid % 250);
  const hosts = HOSTS.map((name, at) => ({
    ...{ name, space: `texting-${pid}-${name}`, port: `p${at}`, address: `198.18.${net}.${FIRST + at}` },
  }));
  return {
    switchSpace: `texting-${pid}-switch`,
    hosts,
    outside: { interface: `to${pid}`, address: `198.18.${net}.1` },
    proxy: { forApps: `198.18.${net}.${FIRST}`, forCarrier: `198.18.${net}.2` },
    database: `198.18.${net}.3`,
    carrierLine: { interface: `tc${pid}`, near: `198.19.${net}.2`, far: `198.19.${net}.1` },
    table: String(1_000 + net),
  };
}
const FIRST = 11;

/** Commands for `ip`; those of a namespace run there. */
export type Commands = { space?: string; lines: readonly string[] };

/** What makes the network, in its order. */
export function commandsFor(plan: Plan): Commands[] {
  const { switchSpace, hosts, outside, carrierLine, proxy, table } = plan;
  const carrier = hostOf(plan, 'carrier');
  const net = outside.address.replace(/\d+$/, '0/24');
  return [
    {
      lines: [
        ...[switchSpace, ...hosts.map(({ space }) => space)].map((space) => `netns add ${space}`),
        `link add ${outside.interface} type veth peer name outside netns ${switchSpace}`,
        ...hosts.map(
          ({ port, space }) => `link add ${port} netns ${switchSpace} type veth peer name eth0 netns ${space}`,
        ),
        `link add ${carrierLine.interface} type veth peer name line netns ${carrier.space}`,
      ],
    },
    {
      space: switchSpace,
      lines: [
        ...['together', 'apart'].flatMap((bridge) => [
          `link add ${bridge} type bridge forward_delay 0 mcast_snooping 0`,
          `link set ${bridge} up`,
        ]),
        ...['outside', ...hosts.map(({ port }) => port)].map((port) => `link set ${port} master together up`),
      ],
    },
    ...hosts.map(({ name, space, address }) => ({
      space,
      lines: [
        'link set lo up',
        `addr add ${address}/24 dev eth0`,
        ...(name === 'proxy' ? [`addr add ${proxy.forCarrier}/24 dev eth0`] : []),
        'link set eth0 up',
        ...(name === 'carrier'
          ? [`addr add ${carrierLine.far}/30 dev line`, 'link set line up']
          : [`route add ${carrierLine.near}/32 via ${carrier.address}`]),
      ],
    })),
    {
      lines: [
        `addr add ${outside.address}/24 dev ${outside.interface}`,
        `link set ${outside.interface} up`,
        `addr add ${carrierLine.near}/30 dev ${carrierLine.interface}`,
        `link set ${carrierLine.interface} up`,
        `route add ${proxy.forCarrier}/32 via ${carrierLine.far} src ${carrierLine.near}`,
        `rule add from ${carrierLine.near} lookup ${table}`,
        `route add ${net} via ${carrierLine.far} table ${table}`,
      ],
    },
  ];
}

/** What takes the network away; all else goes with the namespaces. */
export function commandsAgainst({ switchSpace, hosts, carrierLine, table }: Plan): string[] {
  return [
    `rule del from ${carrierLine.near} lookup ${table}`,
    ...[switchSpace, ...hosts.map(({ space }) => space)].map((space) => `netns del ${space}`),
  ];
}

export function hostOf({ hosts }: Plan, name: string): Host {
  const host = hosts.find((one) => one.name === name);
  if (host === undefined) throw new Error(`there is no host ${name}`);
  return host;
}
