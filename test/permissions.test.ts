import { expect } from 'chai';
import { startGroup, type TestGroup } from './support/group.ts';
import { openSid } from './support/session.ts';
import { openWorld, type World } from './support/world.ts';

const roles = ['owner', 'coOwner', 'member', 'ownerWhoLeft', 'coOwnerWhoLeft', 'memberWhoLeft'] as const;
type Role = (typeof roles)[number];
type Outcome = 'done' | 'NOT_OWNER' | 'DISABLED_ADD' | 'MEMBER_LOOKUP_FAILED';

const free: Record<Role, Outcome> = {
  owner: 'done',
  coOwner: 'done',
  member: 'done',
  ownerWhoLeft: 'MEMBER_LOOKUP_FAILED',
  coOwnerWhoLeft: 'MEMBER_LOOKUP_FAILED',
  memberWhoLeft: 'MEMBER_LOOKUP_FAILED',
};
const owners: Record<Role, Outcome> = {
  owner: 'done',
  coOwner: 'done',
  member: 'NOT_OWNER',
  ownerWhoLeft: 'done',
  coOwnerWhoLeft: 'NOT_OWNER',
  memberWhoLeft: 'NOT_OWNER',
};
const ownersAlone: Record<Role, Outcome> = { ...owners, coOwner: 'NOT_OWNER' };
const always: Record<Role, Outcome> = {
  owner: 'done',
  coOwner: 'done',
  member: 'done',
  ownerWhoLeft: 'done',
  coOwnerWhoLeft: 'done',
  memberWhoLeft: 'done',
};
/** An answer to a call says what is wrong with who calls before what is wrong with what they want. */
const gone = { memberWhoLeft: 'MEMBER_LOOKUP_FAILED', coOwnerWhoLeft: 'MEMBER_LOOKUP_FAILED' } as const;

/** What each role gets by a call and by a text that ask for the same; `calls` where the document says otherwise. */
type Row = {
  does: string;
  settings?: Record<string, number>;
  call: (group: TestGroup) => [path: string, params: Record<string, unknown>];
  text: (group: TestGroup) => string;
  outcomes: Record<Role, Outcome>;
  calls?: Partial<Record<Role, Outcome>>;
};

const guest = '+14445550199';

const rows: Row[] = [
  {
    does: 'adds a member',
    call: ({ number }) => ['/member/add', { group: number, name: 'Guest', number: guest }],
    text: () => `*add Guest ${guest}`,
    outcomes: free,
  },
  {
    does: 'adds a member where that is the owner’s',
    settings: { disable_add: 1 },
    call: ({ number }) => ['/member/add', { group: number, name: 'Guest', number: guest }],
    text: () => `*add Guest ${guest}`,
    outcomes: { ...free, member: 'DISABLED_ADD' },
  },
  {
    does: 'removes a member',
    call: ({ number, phones }) => ['/member/remove', { group: number, number: phones.Cy }],
    text: () => '*remove Cy',
    outcomes: owners,
  },
  {
    does: 'changes their own name',
    call: ({ number }) => ['/member/set', { group: number, name: 'Zed' }],
    text: () => '*name Zed',
    outcomes: free,
  },
  {
    does: 'lets another member broadcast',
    call: ({ number, phones }) => ['/member/set', { group: number, number: phones.Cy, broadcast: 1 }],
    text: () => '*broadcast Cy on',
    outcomes: owners,
    calls: gone,
  },
  {
    does: 'makes another member a co-owner',
    call: ({ number, phones }) => ['/member/set', { group: number, number: phones.Cy, co_owner: 1 }],
    text: () => '*owner add Cy',
    outcomes: owners,
    calls: gone,
  },
  {
    does: 'holds what speakers say for the owners',
    settings: { reply_to_owner: 1 },
    call: ({ number }) => ['/group/set', { number, broadcast_approval: 1 }],
    text: () => '*approval on',
    outcomes: owners,
  },
  {
    does: 'has calls ring at a phone',
    call: ({ number }) => ['/group/set', { number, forward_to: guest }],
    text: () => `*forward ${guest}`,
    outcomes: owners,
  },
  {
    does: 'makes a list',
    call: ({ number, phones }) => ['/v1/lists/set', { number, name: 'Low', members: phones.Cy }],
    text: () => '*list Low add Cy',
    outcomes: { ...owners, ...gone },
  },
  {
    does: 'schedules a text',
    call: ({ number }) => ['/message/schedule', { number, message: 'Hello', when: '2099-01-01 12:00:00' }],
    text: () => '*schedule tomorrow 7pm Hello',
    outcomes: { ...owners, ownerWhoLeft: 'MEMBER_LOOKUP_FAILED' },
  },
  {
    does: 'renames the group',
    call: ({ number }) => ['/group/set', { number, name: 'Owls' }],
    text: () => '*group Owls',
    outcomes: owners,
  },
  {
    does: 'deletes the group',
    call: ({ number }) => ['/group/delete', { number }],
    text: () => '*delete Friends',
    outcomes: ownersAlone,
  },
  {
    does: 'leaves',
    call: ({ number }) => ['/member/bye', { group: number }],
    text: () => '*bye',
    outcomes: always,
  },
  {
    does: 'comes back',
    call: ({ number }) => ['/member/hi', { group: number }],
    text: () => '*hi',
    outcomes: always,
  },
  {
    does: 'says something',
    call: ({ number }) => ['/message/send', { number, message: 'Hello' }],
    text: () => 'Hello',
    outcomes: free,
  },
];

describe('who may do what', () => {
  let world: World;

  before(async () => {
    world = await openWorld({ simulator: { reporting: 'none' } });
  });
  after(() => world?.close());

  /** A group of Ann, Bob and Cy in which somebody of that role is to act. */
  async function scene(
    role: Role,
    settings: Record<string, number> = {},
  ): Promise<{ group: TestGroup; phone: string }> {
    const group = await startGroup(world, ['Ann', 'Bob', 'Cy']);
    const { Ann = '', Bob = '' } = group.phones;
    const { number } = group;
    await world.call('/group/set', { sid: await openSid(world, Ann), number, ...settings });
    const phone = role === 'owner' || role === 'ownerWhoLeft' ? Ann : Bob;
    if (role === 'coOwner' || role === 'coOwnerWhoLeft') {
      await world.call('/member/set', { sid: await openSid(world, Ann), group: number, number: Bob, co_owner: 1 });
      await world.quiet();
    }
    if (role === 'ownerWhoLeft' || role === 'memberWhoLeft' || role === 'coOwnerWhoLeft')
      await world.call('/member/bye', { sid: await openSid(world, phone), group: number });
    return { group, phone };
  }

  async function outcomeOfCall({ call, settings }: Row, role: Role): Promise<unknown> {
    const { group, phone } = await scene(role, settings);
    const [path, params] = call(group);
    const { body } = await world.call(path, { sid: await openSid(world, phone), ...params });
    return body.status === 'OK' ? 'done' : body.error_type;
  }

  async function outcomeOfText({ text, settings }: Row, role: Role): Promise<Outcome> {
    const { group, phone } = await scene(role, settings);
    const before = world.simulator.textsTo(phone).length;
    await world.text(phone, group.number, text(group));
    await world.quiet();
    const answer = world.simulator.textsTo(phone)[before]?.text ?? '';
    return refusals.find(([words]) => words.test(answer))?.[1] ?? 'done';
  }

  for (const row of rows) {
    for (const role of roles) {
      it(`${role} ${row.does}: ${row.outcomes[role]}, by text and by call alike`, async () => {
        expect(await outcomeOfText(row, role), 'by text').to.equal(row.outcomes[role]);
        expect(await outcomeOfCall(row, role), 'by call').to.equal(row.calls?.[role] ?? row.outcomes[role]);
      });
    }
  }

  it('an app shows a member who has left what *who would tell them: nobody but themself and the owner', async () => {
    for (const [role, shown] of [
      ['memberWhoLeft', ['Ann', 'Bob']],
      ['coOwnerWhoLeft', ['Ann', 'Bob']],
      ['ownerWhoLeft', ['Ann', 'Bob', 'Cy']],
      ['member', ['Ann', 'Bob', 'Cy']],
    ] as const) {
      const { phone, group } = await scene(role);
      const { body } = await world.call('/member/groups', { sid: await openSid(world, phone) });
      const groups = body.groups as { number: string; members: { name: string }[] }[];
      const mine = groups.find(({ number }) => number === group.number);
      expect(
        mine?.members.map(({ name }) => name),
        role,
      ).to.deep.equal(shown);
    }
  });
});

const refusals: [RegExp, Outcome][] = [
  [/^Only the owner of .* can do that/, 'NOT_OWNER'],
  [/^Only the owner of .* can add members/, 'DISABLED_ADD'],
  [/^You left .* (did nothing|wasn't sent)/, 'MEMBER_LOOKUP_FAILED'],
];
