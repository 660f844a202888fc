import { build } from '../../dev/build.mjs';
import { showSteps } from '../../dev/progress.mjs';
import type { Fault } from '../faults/fault.ts';
import { type Fixture, openFixture } from '../faults/fixture.ts';
import { runFaults, sayUnclean } from '../faults/run.ts';
import { isKept, showResults } from '../faults/show.ts';
import { runCommand } from '../support/command.ts';
import { hostFaults } from './cases.ts';
import { watchGaps } from './gaps.ts';
import { type OpenHosts, openHosts } from './hosts.ts';
import { whyNoNetwork } from './network.ts';
import { help, type Options, readOptions } from './options.ts';

/** `npm run test:hosts`: the whole system on hosts of its own, whose network is broken, and a table. */
const root = process.cwd();
const steps = showSteps();
let hosts: OpenHosts | undefined;
let fixture: Fixture | undefined;

async function main(options: Options): Promise<void> {
  const { seed, groups, members, paced, seconds, json } = options;
  const why = whyNoNetwork();
  if (why !== null) {
    process.stdout.write(`Left out: ${why}.\n`);
    return;
  }
  if (!json) process.stdout.write(`Seed ${seed}: repeat with --seed ${seed}\n`);
  await build(root, steps);
  hosts = await openHosts({ ...options, onProgress: steps.begin });
  const { network, databases, galera, group, cluster, sentinels } = hosts;
  const shape = { seed, groups, members, paced, seconds, hosts };
  // Turns and queues spread over the nodes.
  const settings = { TURN_SHARDS: '6', QUEUE_SHARDS: '6' };
  fixture = await openFixture({ root, ...shape, settings, onProgress: steps.begin });
  const on = fixture;
  const wanted = hostFaults.filter(({ name }) => options.only.includes(name));
  const some = wanted
    .filter(({ whyNot }) => whyNot === undefined || whyNot() === null)
    .map(
      (fault): Fault => ({
        ...fault,
        // One node less of several is no outage.
        ...(fault.unavailable === 'mysql' && databases === undefined && { unavailable: 'web' as const }),
        strike: (_, __, ...tell) =>
          fault.strike({ fixture: on, network, databases, galera, group, cluster, sentinels }, ...tell),
      }),
    );
  const { results, wrong } = await runFaults(fixture, some, { ...options, watchGaps, steps });
  steps.begin('Stopping');
  const unclean = sayUnclean(await fixture.close({ keep: options.keep }));
  const { folder } = fixture;
  fixture = undefined;
  await closeHosts();
  steps.drop();
  if (json) process.stdout.write(`${JSON.stringify({ seed, results, wrong: [...wrong, ...unclean] }, null, 1)}\n`);
  else process.stdout.write(showResults(results));
  for (const line of [...wrong, ...unclean]) process.stdout.write(`${line}\n`);
  for (const { name, whyNot } of wanted) {
    const left = whyNot?.() ?? null;
    if (left !== null) process.stdout.write(`${name} was left out: ${left}\n`);
  }
  if (options.keep) process.stdout.write(`Logs are in ${folder}\n`);
  if (wrong.length + unclean.length > 0 || !results.every(isKept)) process.exitCode = 1;
}

async function closeHosts(): Promise<void> {
  await hosts?.close();
  hosts = undefined;
}

await runCommand({
  help,
  options: readOptions(process.argv.slice(2)),
  steps,
  run: main,
  async close() {
    await fixture?.close();
    await closeHosts();
  },
});
