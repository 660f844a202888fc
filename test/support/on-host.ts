import type { ServerPlan } from '../../dev/stack/server.ts';

/** The same server, on a host. */
export function onHost(plan: ServerPlan, on: readonly string[]): ServerPlan {
  const [command = plan.command, ...args] = [...on, plan.command, ...plan.args];
  return { ...plan, command, args };
}
