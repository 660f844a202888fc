import { freePort } from '../../dev/stack/port.ts';
import type { Env } from '../../dev/system/processes.ts';
import type { ProcessType } from '../../dev/system/procfile.ts';
import { untilAnswered } from '../../dev/system/ready.ts';
import { openBalancer } from './balancer.ts';

/** What platforms have before several `web` processes: each request goes to one that is ready. */
export type Front = {
  /** The same process type, whose program listens on a port of its own behind the front. */
  lead(type: ProcessType): Promise<ProcessType>;
  /** For a program that runs in its place. */
  envOf(name: string): Env;
  /** No further request goes there: it is about to stop. */
  leave(name: string): void;
  /** Resolves when it is ready and has requests again. */
  join(name: string): Promise<void>;
  /** Requests so far, and a line for each that was not answered, or by a 5xx. */
  passed(): number;
  refused: readonly string[];
  close(): void;
};

export async function openFront(port: number): Promise<Front> {
  const ports = new Map<string, number>();
  const members: string[] = [];
  const targets = () => members.map((name) => ({ name, host: '127.0.0.1', port: ports.get(name) ?? 0 }));
  // Who takes a process away tells the front first: a connection that is refused is a request that was.
  const balancer = await openBalancer({ host: '127.0.0.1', port, targets, tries: 1 });
  return {
    async lead({ name, command }) {
      const own = await freePort();
      ports.set(name, own);
      members.push(name);
      return { name, command: `env PORT=${own} ${command}` };
    },
    envOf: (name) => (ports.has(name) ? { PORT: String(ports.get(name)) } : {}),
    leave(name) {
      if (members.includes(name)) members.splice(members.indexOf(name), 1);
    },
    async join(name) {
      await untilAnswered(`http://127.0.0.1:${ports.get(name)}/readyz`);
      if (!members.includes(name)) members.push(name);
    },
    passed: balancer.passed,
    refused: balancer.refused,
    close: balancer.close,
  };
}
