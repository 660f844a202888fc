import { expect } from 'chai';
import { admin } from '../../workers/admin.ts';
import { startGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

describe('the operator’s commands', () => {
  let world: World;
  let ann: string;
  let bob: string;
  before(async () => {
    world = await openWorld({ workers: false });
    const group = await startGroup(world, ['Ann', 'Bob'], { quiet: false });
    [ann = '', bob = ''] = Object.values(group.phones);
  });
  after(() => world.close());

  const type = async (args: string, env: Record<string, string> = { MYSQL_URL: world.runtime.config.MYSQL_URL }) => {
    const said = { out: '', err: '' };
    const words = args.split(' ').filter(Boolean);
    const code = await admin(words, env, {
      out: (text) => (said.out += text),
      err: (text) => (said.err += text),
    });
    return { code, ...said };
  };

  it('grant an account type, whatever the phone is written like', async () => {
    for (const [written, wanted] of [
      [ann, 'F'],
      [ann.slice(2), 'P'],
      [`1-${ann.slice(2, 5)}-${ann.slice(5)}`, 'T'],
    ] as const) {
      const { code, out } = await type(`account type ${written} ${wanted}`);
      expect(code).to.equal(0);
      expect(out).to.contain(`${ann} is of type ${wanted}`).and.contain('500 pennies');
      const { body } = await world.call('/account/balance', { sid: await openSid(world, ann) });
      expect(body).to.include({ type: wanted, balance: 500 });
    }
  });

  const rows: [string, () => string, number, RegExp][] = [
    ['nothing', () => '', 2, /Which command\?[\s\S]*Usage/],
    ['a command that is none', () => 'account tip', 2, /There is no command "account tip"/],
    ['no type', () => `account type ${ann}`, 2, /A phone and a type are needed[\s\S]*account type PHONE/],
    ['a type that is none', () => `account type ${ann} X`, 2, /"X" is no account type/],
    ['a phone that is none', () => 'account type 12 F', 2, /"12" is no phone number/],
    ['a phone without an account', () => `account type ${bob} F`, 1, /has no account/],
    ['a phone that nobody knows', () => 'account type +14445559999 F', 1, /has no account/],
  ];
  for (const [what, args, code, says] of rows) {
    it(`say what is wrong with ${what}`, async () => {
      const said = await type(args());
      expect(said.code).to.equal(code);
      expect(said.err).to.match(says);
    });
  }

  it('explain themselves', async () => {
    for (const args of ['--help', '-h', 'help', 'account type --help']) {
      const { code, out } = await type(args, {});
      expect([code, out.includes('account type PHONE F|T|P')], args).to.deep.equal([0, true]);
    }
  });

  it('name the database that is missing or away', async () => {
    expect((await type(`account type ${ann} F`, {})).err).to.contain('MYSQL_URL is missing');
    const away = await type(`account type ${ann} F`, { MYSQL_URL: 'mysql://root@127.0.0.1:1/none' });
    expect([away.code, away.err]).to.deep.equal([1, 'The database that MYSQL_URL names does not answer.\n']);
  });
});
