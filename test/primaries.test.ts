import { expect } from 'chai';
import { type Asked, type Choice, choose, joinAnswers } from './primaries/choice.ts';
import { help, readOptions } from './primaries/options.ts';
import { LINKED, OWN } from './primaries/tables.ts';
import { judge } from './primaries/texting.ts';
import { readVschema } from './support/key-table.ts';

const cells = [
  { offset: 1, numbers: ['+12025551100', '+12025551101'] },
  { offset: 2, numbers: ['+12025552100'] },
];
const FORM = 'application/x-www-form-urlencoded';

const one = (at: number): Choice => ({ how: 'one', cells: [at] });
const each: Choice = { how: 'each', cells: [0, 1] };
const inTurn: Choice = { how: 'first', cells: [0, 1] };

const choices: readonly [what: string, asked: Partial<Asked> & { path: string }, choice: Choice][] = [
  [
    'a text to a number of the second',
    { path: '/plivo/message', body: 'From=13035551001&To=12025552100&Text=Hi' },
    one(1),
  ],
  ['a text to a number of the first', { path: '/plivo/message', body: 'From=13035551001&To=12025551101' }, one(0)],
  ['one that comes by GET', { path: '/plivo/message', query: 'To=%2B12025552100&Text=Hi' }, one(1)],
  ['a text to the service number', { path: '/plivo/message', body: 'To=12025550100&Text=JOIN+us' }, one(0)],
  ['a call to a number of the second', { path: '/plivo/call', body: 'To=12025552100' }, one(1)],
  // 130 is 2 * 64 + 2.
  [
    'a report on a message of the second',
    { path: '/plivo/status', query: 'd=130-7-0-1', body: 'To=12025551100' },
    one(1),
  ],
  ['a report on a message of the first', { path: '/plivo/status', query: 'd=129-7-0-1' }, one(0)],
  ['a report on nothing', { path: '/plivo/status', query: 'd=lunch' }, one(0)],
  ['a call that names the number of a group', { path: '/message/send', body: 'number=%2B12025552100' }, one(1)],
  ['one without the country', { path: '/message/send', body: 'number=(202)+555-2100' }, one(1)],
  [
    'one that names the group beside a member',
    { path: '/member/add', body: 'group=12025552100&number=13035551001' },
    one(1),
  ],
  [
    'one in JSON',
    { path: '/message/send', type: 'application/json', body: '{"number":"+12025552100","cc":1}' },
    one(1),
  ],
  ['one in JSON that is none', { path: '/message/send', type: 'application/json', body: '{"number":' }, one(0)],
  [
    'one whose body and query differ',
    { path: '/message/get', query: 'number=12025551100', body: 'number=12025552100' },
    one(1),
  ],
  ['who asks for a PIN', { path: '/member/find', body: 'number=13035551001' }, inTurn],
  ['a log-in', { path: '/member/login', body: 'number=13035551001&pin=123456' }, one(0)],
  ['what nobody knows', { path: '/lunch' }, one(0)],
  ['the groups of a person', { path: '/member/groups' }, each],
  ['public groups, of a person who has a phone', { path: '/group/list', query: 'number=13035551001' }, each],
  ['a count of all groups', { path: '/message/count' }, each],
  ['a count of one', { path: '/message/count', query: 'number=12025552100' }, one(1)],
  ['a code', { path: '/group/invite/check', query: 'invite_code=hikers' }, inTurn],
  ['who joins by a code', { path: '/group/join', body: 'invite_code=hikers&number=13035551001' }, inTurn],
];

/** What `npm run test:primaries` has that needs no server. */
describe('two primaries behind a router', () => {
  const pick = (asked: Partial<Asked> & { path: string }, turn = 0) =>
    choose({ query: '', type: FORM, body: '', ...asked }, { cells, turn });

  for (const [what, asked, choice] of choices)
    it(`${what}: ${choice.how === 'one' ? `the ${choice.cells[0] === 0 ? 'first' : 'second'}` : choice.how}`, () => {
      expect(pick(asked)).to.deep.equal(choice);
    });

  it('have new groups in turn, and one that is made again under its key where it was made', () => {
    const create = { path: '/group/create', body: 'group=Hikers&number=13035551001&name=Ann' };
    expect([0, 1, 2, 3].map((turn) => pick(create, turn))).to.deep.equal([one(0), one(1), one(0), one(1)]);
    for (const asked of [
      { ...create, repeatKey: 'hikers-1' },
      { ...create, body: `${create.body}&idempotency_key=hikers-1` },
    ])
      expect(new Set([0, 1, 2, 3].map((turn) => pick(asked, turn).cells[0])).size).to.equal(1);
    const keyed = Array.from({ length: 20 }, (_, at) => pick({ ...create, repeatKey: `key ${at}` }).cells[0]);
    expect(new Set(keyed)).to.deep.equal(new Set([0, 1]));
  });

  it('have answers that are joined: lists, and the grand total', () => {
    expect(
      joinAnswers([
        { status: 'OK', number: '+13035551001', groups: [{ name: 'Hikers' }] },
        { status: 'OK', number: '+13035551001', groups: [{ name: 'Cooks' }] },
      ]),
    ).to.deep.equal({ status: 'OK', number: '+13035551001', groups: [{ name: 'Hikers' }, { name: 'Cooks' }] });
    expect(joinAnswers([{ cnt: 3 }, { cnt: 4 }])).to.deep.equal({ cnt: 7 });
  });

  it('are judged by what came to whom of what was answered 200', () => {
    const [ann, bob, cid] = ['+13035551001', '+13035551002', '+13035551003'];
    const said = [
      { id: 1, cell: 'A', to: [bob, cid], saidAt: 1_000, acceptedAt: 1_020 },
      { id: 2, cell: 'A', to: [ann, bob], saidAt: 2_000, acceptedAt: 2_020 },
      { id: 3, cell: 'A', to: [ann], saidAt: 3_000, acceptedAt: null },
    ];
    const whole = { [`1 ${bob}`]: [1_100], [`1 ${cid}`]: [1_300], [`2 ${ann}`]: [2_100], [`2 ${bob}`]: [2_050] };
    const count = (came: Record<string, number[]>) => {
      const { lost, doubled, strayed } = judge(said, new Map(Object.entries(came)));
      return { lost, doubled, strayed };
    };
    const { [`2 ${ann}`]: _, ...some } = whole;
    expect(judge(said, new Map(Object.entries(whole)))).to.deep.include({
      texts: 3,
      accepted: 2,
      recipients: 4,
      slowest: 300,
    });
    expect(count(whole)).to.deep.equal({ lost: 0, doubled: 0, strayed: 0 });
    expect(count(some)).to.deep.equal({ lost: 1, doubled: 0, strayed: 0 });
    expect(count({ ...whole, [`1 ${bob}`]: [1_100, 1_200] })).to.deep.equal({ lost: 0, doubled: 1, strayed: 0 });
    expect(count({ ...whole, [`2 ${cid}`]: [2_100] })).to.deep.equal({ lost: 0, doubled: 0, strayed: 1 });
  });

  it('have each table that is not split by group either as links to the first, or each its own', () => {
    const { first, groups } = readVschema();
    const lookups = Object.values(groups.vindexes ?? {}).map(({ params }) => params?.table?.replace('first.', ''));
    const tables = Object.entries(first.tables).filter(
      ([name, { type }]) => type === undefined && !lookups.includes(name),
    );
    expect([...LINKED, ...OWN].sort()).to.deep.equal(tables.map(([name]) => name).sort());
  });

  it('explain themselves, and refuse what they do not know', () => {
    expect(readOptions(['--help'])).to.equal('help');
    expect(help).to.contain('npm run test:primaries -- --only rehearsal');
    expect(readOptions(['--seed', '7', '--only', 'rehearsal'])).to.deep.equal({
      seed: 7,
      seconds: 5,
      rate: 12,
      rounds: 3,
      only: 'rehearsal',
      keep: false,
    });
    for (const args of [['--seconds', '0'], ['--rounds', 'few'], ['--only', 'all'], ['--fast']])
      expect(readOptions(args)).to.have.property('wrong');
  });
});
