import { expect } from 'chai';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { until } from '../../support/rows.ts';
import { openSid } from '../../support/session.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('landlines', () => {
  let world: World;
  let hikers: TestGroup;
  let readers: TestGroup;
  const phones = { Ann: '+14445550001', Bob: '+14445550002', Pat: '+14445550003' };
  const told = (phone: string) =>
    world
      .textsTo(phone)
      .map(({ text }) => text)
      .filter((text) => /landline/.test(text));
  const say = async (from: string, number: string, text: string) => {
    expect(await world.text(from, number, text)).to.equal(200);
    await world.quiet();
  };
  const looks = (who: string, group: string) =>
    `The number of ${who} looks like a landline, so texts from "${group}" may not reach them. Ask for a mobile number.`;

  before(async () => {
    world = await openWorld({ lookups: true, carriers: ['plivo', 'telnyx'], env: { ALLOWED_COUNTRIES: 'US,CA,GB' } });
    world.simulator.lookups.lines.set('+14445550103', 'fixed').set('+14445550104', 'voip');
    hikers = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers', phones });
    readers = await startGroup(world, ['Pat', 'Bob'], { name: 'Readers', phones });
  });
  after(() => world.close());
  afterEach(() => {
    world.simulator.clearFaults();
    world.telnyx.clearFaults();
  });

  it('are told to the owners around, once, when a report says that the phone takes no texts', async () => {
    const lost = { phone: phones.Bob, times: 3 };
    world.simulator.fault({ kind: 'failed', code: '50', ...lost });
    world.telnyx.fault({ kind: 'lost', status: 'delivery_failed', code: '40001', ...lost });
    await say(phones.Ann, hikers.number, 'Who comes?');
    await until('both owners are told', async () => told(phones.Ann).length + told(phones.Pat).length === 2);
    await say(phones.Ann, hikers.number, 'Nobody?');
    await say(phones.Pat, readers.number, 'Page 12');
    expect(told(phones.Ann)).to.deep.equal([looks('Bob', 'Hikers')]);
    expect(told(phones.Pat)).to.deep.equal([looks('Bob', 'Readers')]);
    expect(told(phones.Bob)).to.deep.equal([]);
  });

  it('are told to the owner of one more group when they are added there, by text or by call', async () => {
    const chess = await startGroup(world, ['Cy', 'Dee'], { name: 'Chess' });
    const { Cy: cy = '' } = chess.phones;
    await say(cy, chess.number, `*add Bob ${phones.Bob}`);
    await until('the owner is told', async () => told(cy).length === 1);
    expect(told(cy)).to.deep.equal([looks('Bob', 'Chess')]);
    await world.call('/member/add', {
      sid: await openSid(world, cy),
      group: chess.number,
      name: 'London',
      number: '+442079460123',
    });
    await until('the owner is told', async () => told(cy).length === 2);
    expect(told(cy).at(-1)).to.equal(looks('London', 'Chess'));
    expect(told(phones.Ann)).to.have.length(1);
  });

  it('are looked up where a setting has it so, each phone once, and no phone that joins by itself', async () => {
    const { asked } = world.simulator.lookups;
    // Who creates a group, and says YES, has a phone that texts.
    expect(asked).to.include(phones.Bob).and.not.include(phones.Ann);
    await say(phones.Ann, hikers.number, '*add Fay +14445550103, Gus +14445550104');
    await until('the owner is told', async () => told(phones.Ann).length === 2);
    expect(told(phones.Ann).at(-1)).to.equal(looks('Fay', 'Hikers'));
    await until('both were looked up', async () => asked.includes('+14445550104'));
    await say(phones.Pat, readers.number, '*add Gus +14445550104');
    await world.call('/group/set', {
      sid: await openSid(world, phones.Ann),
      number: hikers.number,
      invite_code: 'hike',
    });
    await say('+14445550105', world.serviceNumber, 'JOIN hike Hal');
    await say(phones.Ann, hikers.number, '*add Ida +14445550106');
    await until('the last is looked up', async () => asked.includes('+14445550106'));
    expect(asked.filter((phone) => phone === '+14445550104')).to.have.length(1);
    expect(asked).not.to.include('+14445550105');
    expect(told(phones.Pat)).to.have.length(1);
  });

  it('change nothing where the look-up does not answer', async () => {
    world.simulator.lookups.fails = true;
    await say(phones.Ann, hikers.number, '*add Joe +14445550107');
    expect(world.textsTo('+14445550107')).to.have.length(1);
    world.simulator.lookups.fails = false;
    expect(told(phones.Ann)).to.have.length(2);
  });
});
