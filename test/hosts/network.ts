import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { ip, must } from './ip.ts';
import { commandsAgainst, commandsFor, hostOf, type Plan } from './plan.ts';
import { openWires, type Worse } from './wires.ts';

/** Hosts on one network: each a namespace of Linux with an address of its own, on a bridge that can part them. */
export type Network = {
  addressOf(host: string): string;
  /** The words before a command that make it run on that host. */
  on(host: string): readonly string[];
  /** From now on these hosts reach each other, and nobody else. */
  part(hosts: readonly string[]): void;
  /** From now on each of these hosts reaches nobody. */
  unplug(hosts: readonly string[]): void;
  /** These, or all, are with the others again. */
  join(hosts?: readonly string[]): void;
  /** Gives an address to that host, and takes it from all others. */
  move(address: string, host: string): void;
  /** From now on what each host sends to others takes so much longer, or is lost. Returns how to end it. */
  worsen(how: Worse): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

/** Why there can be no such network here; null where it can. */
export function whyNoNetwork(): string | null {
  if (process.platform !== 'linux') return 'only Linux has network namespaces';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const space = `texting-${process.pid}-try`;
  const tried = ip({ lines: [`netns add ${space}`] });
  if (tried !== null) return `no network namespace can be made (${tried})`;
  const bridged = ip({ space, lines: ['link add one type veth peer name other', 'link add both type bridge'] });
  ip({ lines: [`netns del ${space}`] });
  return bridged === null ? null : `no veth and bridge can be made (${bridged})`;
}

export function openNetwork(plan: Plan): Network {
  const janitor = openJanitor(commandsAgainst(plan));
  const { switchSpace, hosts } = plan;
  const lead = (names: readonly string[], to: string) =>
    must({ space: switchSpace, lines: names.map((name) => `link set ${hostOf(plan, name).port} ${to}`) });
  for (const commands of commandsFor(plan)) must(commands);
  forwardAt(hostOf(plan, 'carrier').space);
  return {
    addressOf: (name) => hostOf(plan, name).address,
    on: (name) => ['ip', 'netns', 'exec', hostOf(plan, name).space],
    part: (names) => lead(names, 'master apart'),
    unplug: (names) => lead(names, 'nomaster'),
    join: (names = hosts.map(({ name }) => name)) => lead(names, 'master together'),
    move(address, name) {
      for (const { space } of hosts) ip({ space, lines: [`addr del ${address}/24 dev eth0`] });
      must({ space: hostOf(plan, name).space, lines: [`addr add ${address}/24 dev eth0`] });
      // As the ARP announcement does that keepalived sends: nobody goes on to the host that had it.
      for (const { space } of hosts) must({ space, lines: [`neigh flush to ${address}`] });
      must({ lines: [`neigh flush to ${address}`] });
    },
    worsen: (how) => openWires(plan, how),
    close: () => janitor.clean(),
  };
}

/** What the carrier's program says and hears passes through its host. */
function forwardAt(space: string): void {
  const args = ['netns', 'exec', space, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'];
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${space} does not forward: ${stderr.trim()}`);
}

/** A shell that takes everything away when it is told to, or when we are gone, however (`kill -9` as well). */
function openJanitor(commands: readonly string[]): { clean(): Promise<void> } {
  const script = `trap '' INT TERM HUP; cat > /dev/null; ip -force -batch - <<'END'\n${commands.join('\n')}\nEND`;
  const shell = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  const ended = once(shell, 'close');
  return {
    async clean() {
      shell.ref();
      shell.stdin.end();
      await ended;
    },
  };
}
