import { expect } from 'chai';
import type { Result } from './faults/round.ts';
import { showResults } from './faults/show.ts';
import { hostFaults } from './hosts/cases.ts';
import { type DatabaseServers, faultsFor, type RedisServers } from './hosts/fault.ts';
import { gapsIn } from './hosts/gaps.ts';
import { help, readOptions } from './hosts/options.ts';
import { COPIES, commandsAgainst, commandsFor, HOSTS, planNetwork } from './hosts/plan.ts';

/** What `npm run test:hosts` has that needs no root. */
describe('the rehearsal on hosts', () => {
  it('explains itself with examples, and names every fault', () => {
    expect(help).to.contain('npm run test:hosts -- --only');
    for (const { name, does } of hostFaults) expect(help).to.contain(`${name} `).and.to.contain(does);
    expect(readOptions(['--help'])).to.equal('help');
  });

  it('reads which faults, how long and how large', () => {
    const read = readOptions(['--only', 'split*', '--only', 'cut-web', '--seed', '7', '--seconds', '20', '--paced']);
    expect(read).to.include({ seed: 7, seconds: 20, paced: true, groups: 50, members: 6 });
    expect(read).to.have.property('only').that.deep.equals(['split', 'split-mysql', 'cut-web']);
    expect(readOptions([])).to.deep.include({
      only: namesFor('replicated', 'cluster'),
      groups: 4,
      seconds: 10,
      database: 'replicated',
      redis: 'cluster',
    });
  });

  it('has faults of its own for other servers, and leaves those of the usual ones out there', () => {
    expect(readOptions(['--galera'])).to.deep.include({ only: namesFor('galera', 'cluster'), database: 'galera' });
    expect(readOptions(['--sentinel'])).to.deep.include({
      only: namesFor('replicated', 'sentinel'),
      redis: 'sentinel',
    });
    expect(readOptions(['--group-replication'])).to.deep.include({
      only: namesFor('group', 'cluster'),
      database: 'group',
    });
    expect(namesFor('galera', 'cluster'))
      .to.include.members(['kill-node', 'freeze-node', 'cut-mysql', 'cut-mysql.3', 'split-mysql', 'cut-web'])
      .and.not.include('kill-primary');
    expect(namesFor('replicated', 'cluster')).to.include('fail-over').and.not.include('cut-mysql.3');
    expect(namesFor('replicated', 'sentinel')).to.include('fail-over-redis').and.not.include('kill-redis');
    // By who is the primary, not by the name of a host.
    expect(namesFor('group', 'cluster'))
      .to.include.members([
        'kill-primary',
        'freeze-primary',
        'kill-secondary',
        'cut-primary',
        'split-primary',
        'cut-web',
      ])
      .and.not.include('cut-mysql');
    for (const wrong of [
      ['--only', 'kill-node'],
      ['--only', 'kill-primary'],
      ['--galera', '--group-replication'],
      ['--galera', '--only', 'fail-over'],
      ['--sentinel', '--only', 'kill-redis'],
    ])
      expect(readOptions(wrong)).to.have.property('wrong');
  });

  it('refuses what it does not know', () => {
    for (const args of [['--only', 'flood'], ['--seconds', '0'], ['--members', 'few'], ['--fast']])
      expect(readOptions(args)).to.have.property('wrong');
  });

  it('has a host for each process that it starts, and cuts each off', () => {
    const wanted = Object.entries(COPIES).flatMap(([type, count]) =>
      Array.from({ length: count }, (_, at) => (at === 0 ? type : `${type}.${at + 1}`)),
    );
    expect(HOSTS).to.include.members(wanted);
    expect(hostFaults.map(({ name }) => name)).to.include.members(HOSTS.map((host) => `cut-${host}`));
  });

  it('gives every host an address of its own, and two runs other networks', () => {
    const [one, other] = [planNetwork(4_194_303), planNetwork(4_194_304)];
    const addresses = [one, other].flatMap(({ hosts, outside, proxy, carrierLine }) => [
      ...hosts.map(({ address }) => address),
      ...[outside.address, proxy.forCarrier, carrierLine.near, carrierLine.far],
    ]);
    expect(new Set(addresses).size).to.equal(addresses.length);
    expect(one.proxy.forApps).to.equal(one.hosts[0]?.address);
    // Longer names of interfaces are refused by Linux.
    for (const name of [one.outside.interface, one.carrierLine.interface]) expect(name.length).to.be.at.most(15);
  });

  it('takes away every namespace and rule that it makes', () => {
    const plan = planNetwork(99);
    const made = commandsFor(plan).flatMap(({ lines }) => lines);
    const found = made.flatMap((line) => /^(netns|rule) add (.*)$/.exec(line)?.slice(1, 3).join(' del ') ?? []);
    expect(found).to.have.length(HOSTS.length + 2);
    expect(commandsAgainst(plan)).to.have.members(found);
  });

  it('measures how long callers were without answer, by when they called', () => {
    const looks = [...'..xx.x...x'].map((look, at) => ({ at: at * 100, ok: look === '.' }));
    expect(gapsIn(looks)).to.deep.equal([200, 100, 100]);
    expect(gapsIn(looks.toReversed())).to.deep.equal([200, 100, 100]);
    expect(gapsIn([])).to.deep.equal([]);
  });

  it('shows for how long in the table', () => {
    const result: Result = {
      ...{ fault: 'cut-web', times: 1, accepted: 9, expected: 36, lost: 0, doubled: 0, unreported: 0, strayed: 0 },
      ...{ outOfOrder: [], repeated: 0, broken: [], notes: [], recoveries: [400], slowest: 1_200 },
    };
    const table = showResults([{ ...result, gaps: [300, 1_700, 900] }]);
    expect(table)
      .to.contain('unavailable')
      .and.to.match(/3 │\s+0\.9 s │\s+1\.7 s/);
    expect(showResults([result])).not.to.contain('unavailable: times');
  });
});

function namesFor(database: DatabaseServers, redis: RedisServers): string[] {
  return faultsFor(hostFaults, { database, redis }).map(({ name }) => name);
}
