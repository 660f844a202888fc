import { expect } from 'chai';
import { commands } from '../../workers/admin/commands.ts';
import { parse } from '../../workers/admin/parse.ts';
import { startGroup } from '../support/group.ts';
import { type as typeIn, typeJson, wordsOf } from '../support/operator.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const LONG = { class: 'long', campaign: null };

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

  const here = () => ({ MYSQL_URL: world.runtime.config.MYSQL_URL });
  const type = (args: string, env: Record<string, string> = here(), answer?: string) => typeIn(args, env, answer);

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
    ['nothing', () => '', 2, /Usage: admin COMMAND/],
    ['a command that is none', () => 'account tip', 2, /unknown command 'tip'[\s\S]*Did you mean type/],
    ['no type', () => `account type ${ann}`, 2, /missing required argument 'type'/],
    ['a type that is none', () => `account type ${ann} X`, 2, /"X" is no account type/],
    ['a phone that is none', () => 'account type 12 F', 2, /"12" is no phone number/],
    ['a phone without an account', () => `account type ${bob} F`, 1, /has no account/],
    ['a grant without a reason', () => `account grant ${ann} 100`, 2, /missing required argument 'reason'/],
    ['a grant that takes', () => `account grant ${ann} 0 why`, 2, /"0" is no number of pennies/],
    ['a grant of half a penny', () => `account grant ${ann} 1.5 why`, 2, /"1.5" is no number of pennies/],
    ['a reason that is a novel', () => `account grant ${ann} 1 ${'x'.repeat(201)}`, 2, /longer than 200/],
    ['a grant for nobody', () => `account grant ${bob} 100 a gift`, 1, /has no account/],
    ['a month that is none', () => `account statement ${ann} 2026-13`, 2, /"2026-13" is no month/],
    ['books of a year', () => 'books 2026', 2, /"2026" is no month/],
    ['a number that is not named', () => 'number set --class long', 2, /missing required argument 'number'/],
    ['nothing to set', () => 'number set +12015551001', 2, /A class or a campaign is needed/],
    ['a class without a name', () => 'number set +12015551001 --class', 2, /argument missing/],
    ['a class that is none', () => 'number set +12015551001 --class free', 2, /"free" is no class/],
    ['a campaign that is none', () => 'number set +12015551001 --campaign ÄÖ', 2, /"ÄÖ" is no campaign/],
    ['a number that is not ours', () => 'number set +12015559999 --class long', 1, /is no number of ours/],
    ['a list of one', () => 'number list +12015551001', 2, /too many arguments/],
    ['an option that is misspelt', () => `account type ${ann} F --jsno`, 2, /unknown option '--jsno'[\s\S]*--json/],
    ['an option of another command', () => `account type ${ann} F --yes`, 2, /unknown option '--yes'/],
    [
      'a deduction that nobody agrees to',
      () => `account deduct ${ann} 5 oops`,
      2,
      /Nobody is there to answer: say --yes/,
    ],
    ['a why that is a novel', () => `account type ${ann} F --reason ${'x'.repeat(201)}`, 2, /longer than 200/],
    ['a phone that nobody knows', () => 'account type +14445559999 F', 1, /has no account/],
  ];
  for (const [what, args, code, says] of rows) {
    it(`say what is wrong with ${what}`, async () => {
      const said = await type(args());
      expect(said.code).to.equal(code);
      expect(said.err).to.match(says);
    });
  }

  const json = (args: string) => typeJson(args, here());

  it('grant and deduct with a reason, and show that in the statement of the month and in the books', async () => {
    const month = new Date().toISOString().slice(0, 7);
    expect((await type(`account grant ${ann} 1250 a gift`)).out).to.contain('1750 pennies now (+1250: a gift)');
    expect(await json(`account deduct ${ann} 50 granted too much --yes`)).to.deep.equal({
      ...{ phone: ann, amount: -50, reason: 'granted too much', balance: 1700 },
    });
    const statement = await json(`account statement ${ann}`);
    const day = new Date().toISOString().slice(0, 10);
    expect(statement).to.deep.equal({
      ...{ phone: ann, type: 'T', month, opening: 0, closing: 1700 },
      lines: [
        { day, kind: 'trial', note: null, entries: 1, amount: 500 },
        { day, kind: 'grant', note: 'a gift', entries: 1, amount: 1250 },
        { day, kind: 'adjustment', note: 'granted too much', entries: 1, amount: -50 },
      ],
    });
    expect(await json(`account statement ${ann} 2020-01`)).to.include({ opening: 0, closing: 0 });
    expect(await json(`account statement ${ann} 2999-01`)).to.include({ opening: 1700, closing: 1700 });
    expect((await type(`account statement ${ann} ${month}`)).out).to.match(
      /credit: a gift +│ +1 │ +\$12\.50[^$]*-\$0\.50[^$]*\$17\.00/,
    );
    expect(await json(`books ${month}`)).to.deep.equal({
      month,
      lines: [
        { account: 'adjustments', kind: 'adjustment', entries: 1, amount: 50 },
        { account: 'grants', kind: 'grant', entries: 1, amount: -1250 },
        { account: 'grants', kind: 'trial', entries: 1, amount: -500 },
      ],
      owners: 1700,
      carriers: { texts: 0, cost: 0, margin: 0 },
    });
    expect((await json('books 2020-01')).lines).to.deep.equal([]);
    expect((await type('books')).out).to.match(/owners[^$]*\$17\.00/);
  });

  it('list our numbers, and set the class and the campaign of each', async () => {
    const listed = async (phone: string) => {
      const { numbers } = (await json('number list')) as { numbers: Record<string, unknown>[] };
      expect(numbers).to.have.length(world.pool.length + 1);
      return numbers.find((number) => number.phone === phone);
    };
    const number = world.pool[0] ?? '';
    expect(await listed(number)).to.include({ ...{ kind: 'pool', carrier: 'plivo', retired: false }, ...LONG });
    expect(await listed(world.serviceNumber)).to.include({ kind: 'service', members: 0, ...LONG });
    const { numbers } = (await json('number list')) as { numbers: { members: number }[] };
    expect(numbers.reduce((sum, { members }) => sum + members, 0)).to.equal(2);
    const written = `1-${number.slice(2, 5)}-${number.slice(5)}`;
    expect((await type(`number set ${written} --class tollfree`)).out).to.match(/is of class tollfree, in no campaign/);
    expect(await json(`number set ${number} --campaign CABC`)).to.deep.equal({
      ...{ phone: number, class: 'tollfree', campaign: 'CABC' },
    });
    expect(await listed(number)).to.include({ class: 'tollfree', campaign: 'CABC' });
    expect((await type('number list')).out).to.match(/│ \+12015551001 │ pool +│ plivo +│ tollfree +│ CABC/);
    expect(await json(`number set ${number} --class=long --campaign=`)).to.include(LONG);
  });

  it('ask before they take something, and do nothing without a yes', async () => {
    const balance = async () => (await json(`account grant ${ann} 1 a penny`)).balance;
    const before = Number(await balance());
    const refused = await type(`account deduct ${ann} 99999 oops`, here(), 'n');
    expect([refused.code, refused.asked]).to.deep.equal([1, `Take 99999 pennies off the account of ${ann}? [y/N] `]);
    expect(await balance()).to.equal(before + 1);
    expect((await type(`account deduct ${ann} 2 granted twice`, here(), 'yes')).code).to.equal(0);
    expect(await balance()).to.equal(before);
  });

  it('say what they would do, and do nothing, where that is asked for', async () => {
    const { acts } = (await json('audit --last 1')) as { acts: { at: string }[] };
    const before = Number((await json(`account grant ${ann} 1 a penny`)).balance);
    const rehearsed = await type(`account deduct ${ann} 100 oops --dry-run`);
    expect([rehearsed.code, rehearsed.out.startsWith('Nothing was done.')]).to.deep.equal([0, true]);
    expect(rehearsed.out).to.contain(`${before - 100} pennies now`);
    expect(await json(`account grant ${ann} 1 a penny --dry-run`)).to.include({ dryRun: true, balance: before + 1 });
    expect(await json(`account grant ${ann} 1 a penny`)).to.include({ balance: before + 1 });
    const { acts: after } = (await json('audit --last 3')) as { acts: { at: string }[] };
    expect(after[2]?.at).to.equal(acts[0]?.at);
  });

  it('write down who did what and why, and how it ended', async () => {
    const env = { ...here(), OPERATOR: 'olga' };
    await type(`account type ${ann} P --reason they-paid-by-cheque`, env);
    await type(`account type ${bob} P`, env);
    const { acts } = (await json('audit --last 2')) as { acts: Record<string, unknown>[] };
    expect(acts.map(({ who, act, words, reason, outcome }) => ({ who, act, words, reason, outcome }))).to.deep.equal([
      { who: 'olga', act: 'account type', words: [bob, 'P'], reason: null, outcome: 'failed' },
      { who: 'olga', act: 'account type', words: [ann, 'P'], reason: 'they-paid-by-cheque', outcome: 'done' },
    ]);
    expect((await type('audit')).out).to.match(/olga +│ account type \+/);
    await type('number list');
    expect(((await json('audit --last 1')) as { acts: { act: string }[] }).acts[0]?.act).to.equal('account type');
  });

  for (const command of commands) {
    const name = command.words.join(' ');
    it(`have examples that are understood: ${name}`, async () => {
      expect(command.examples.length).to.be.greaterThan(0);
      for (const example of command.examples) {
        expect(example.startsWith(name), example).to.equal(true);
        expect(parse(wordsOf(example), { out: () => {}, err: () => {} }).command, example).to.equal(command);
      }
      const { code, out } = await type(`${name} --help`, {});
      expect([code, out.includes(`npm run admin -- ${command.examples[0]}`)]).to.deep.equal([0, true]);
    });
  }

  it('explain themselves', async () => {
    for (const args of ['--help', '-h', 'help', 'account type --help', 'account help type']) {
      const { code, out } = await type(args, {});
      expect(code, args).to.equal(0);
      expect(out, args).to.match(/account type (\[options\] )?<phone> <type>/);
    }
  });

  it('name the database that is missing or unavailable', async () => {
    expect((await type(`account type ${ann} F`, {})).err).to.contain('MYSQL_URL is missing');
    const away = await type(`account type ${ann} F`, { MYSQL_URL: 'mysql://root@127.0.0.1:1/none' });
    expect([away.code, away.err]).to.deep.equal([1, 'The database that MYSQL_URL names does not answer.\n']);
  });
});
