import { expect } from 'chai';
import { rows } from '../../db/connect.ts';
import { relist } from '../../db/groups/search.ts';
import { wordsOf } from '../../db/groups/words.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { statementsDuring } from '../support/statements.ts';
import { openWorld, type World } from '../support/world.ts';

type Params = Record<string, unknown>;
const ann = '+14445550001';

/** Oldest first. */
const shelf: [name: string, description: string][] = [
  ['Seattle Hikers', 'We go up the hill, every Sunday'],
  ['To Be Or Not', 'The drama club of the old mill'],
  ['Go players', 'Weiss and Schwarz in München: a game of go'],
  ['Knitters', 'For hikers who knit'],
  ['Hike', 'Nothing but walks'],
  ['日本語の本', 'Книги и чай'],
  ["Bob's Burgers", 'R&B on Fridays'],
  ['Private hikers', 'Nobody may see this'],
];

describe('/group/list', () => {
  let world: World;
  let sid: string;
  const groups = new Map<string, TestGroup>();

  before(async () => {
    world = await openWorld({ env: { MAX_MEMBERS: '3', MAX_PENDING_GROUPS: '100', CONSENT: 'open' } });
    sid = await openSid(world, ann);
    for (const [name, description] of shelf) {
      const group = await startGroup(world, ['Ann', 'Bob'], { name, phones: { Ann: ann }, quiet: false });
      groups.set(name, group);
      const isPublic = name === 'Private hikers' ? 0 : 1;
      await set(name, { description, is_public: isPublic });
    }
  });
  after(() => world.close());

  const numberOf = (name: string) => groups.get(name)?.number ?? '';
  const set = async (name: string, params: Params) => {
    const { body } = await world.call('/group/set', { sid, number: numberOf(name), ...params });
    expect(body.status, JSON.stringify(body)).to.equal('OK');
    return body;
  };
  const list = async (params: Params): Promise<Params[]> => {
    const { body } = await world.call('/group/list', params);
    expect(body.status, JSON.stringify(body)).to.equal('OK');
    return body.groups as Params[];
  };
  const names = async (params: Params) => (await list(params)).map(({ name }) => name);

  const searches: [string, string, string[]][] = [
    [
      'a whole word of the name first, then beginnings, then the description',
      'hike',
      ['Hike', 'Seattle Hikers', 'Knitters'],
    ],
    ['whatever the case and the white space', '  HIKERS\t ', ['Seattle Hikers', 'Knitters']],
    ['more of the words first', 'hikers knit', ['Knitters', 'Seattle Hikers']],
    ['words in spite of stop words', 'a hike for the', ['Hike', 'Seattle Hikers', 'Knitters']],
    ['stop words', 'the or', ['To Be Or Not', 'Seattle Hikers']],
    ['words of two letters', 'go!', ['Go players', 'Seattle Hikers']],
    ['words of one letter', 'a --', ['Go players']],
    ['accents or none', 'munchen', ['Go players']],
    ['sharp s', 'weiß', ['Go players']],
    ['other alphabets', 'книг', ['日本語の本']],
    ['Chinese characters without spaces', '語 の', ['日本語の本']],
    ['apostrophes or none', 'bobs', ["Bob's Burgers"]],
    ['a name before its apostrophe', 'bob', ["Bob's Burgers"]],
    ['operators as nothing', '+bob* -burgers ("', ["Bob's Burgers"]],
    ['signs as nothing', '+-*', []],
    ['no parts from the middle of words', 'ikers', []],
    ['no underscores of ours', 'a_hike', ['Hike', 'Seattle Hikers', 'Knitters']],
    ['more words than anybody types', 'zebra '.repeat(500), []],
  ];
  for (const [what, search, expected] of searches) {
    it(`finds ${what}`, async () => {
      expect(await names({ search })).to.deep.equal(expected);
    });
  }

  it('takes the newer of two that fit alike first', async () => {
    expect(await names({ search: 'drama game' })).to.deep.equal(['Go players', 'To Be Or Not']);
  });

  it('lists the newest, with newest or without anything, and not the private', async () => {
    const newest = shelf
      .map(([name]) => name)
      .filter((name) => name !== 'Private hikers')
      .reverse();
    for (const params of [{}, { newest: 1 }, { newest: 0 }, { search: ' ' }]) {
      expect(await names(params)).to.deep.equal(newest);
    }
  });

  it('prefers the search where both are sent', async () => {
    expect(await names({ search: 'burgers', newest: 1 })).to.deep.equal(["Bob's Burgers"]);
  });

  it('answers SHORT_SEARCH under three characters, before anything else', async () => {
    for (const search of ['x', ' go ', '本の', 'a\u200b\u200bb']) {
      const { body } = await world.call('/group/list', { search, newest: 2 });
      expect(body).to.deep.equal({ status: 'ERROR', error_type: 'SHORT_SEARCH' });
    }
    const { http, body } = await world.call('/group/list', { newest: 2 });
    expect([http, body.error_subtype]).to.deep.equal([400, 'newest']);
  });

  it('lists fifty at most, the newest of all and the best of a search', async () => {
    const { db } = world.runtime;
    const { id = 0 } = groups.get('Knitters') ?? {};
    const many = Array.from({ length: 60 }, (_, at) => at);
    const like = (at: number) =>
      db.raw(
        `INSERT INTO \`groups\` (name, owner_id, number_id, state, is_public, invite_code, invite_key, description, created_at, activated_at)
         SELECT ?, owner_id, number_id, 'active', 1, ?, ?, 'One of many', created_at, NOW(3) + INTERVAL ? SECOND FROM \`groups\` WHERE id = ?`,
        [`Crowd ${at}`, `crowd-${at}`, `crowd-${at}`, at + 1, id],
      );
    for (const at of many) await like(at);
    const made = await rows<{ id: number }>(db, "SELECT id FROM `groups` WHERE invite_key LIKE 'crowd-%' ORDER BY id");
    for (const group of made) await relist(db, group.id);
    const newest = many
      .map((at) => `Crowd ${at}`)
      .reverse()
      .slice(0, 50);
    for (const params of [{}, { search: 'crowd' }, { search: 'many crowd' }])
      expect(await names(params)).to.deep.equal(newest);
    await db.raw("UPDATE `groups` SET state = 'deleted' WHERE invite_key LIKE 'crowd-%'");
    for (const group of made) await relist(db, group.id);
  });

  it('looks for a word of very many groups among the newest, without reading them all', async () => {
    const { db } = world.runtime;
    await db.raw(
      `INSERT INTO \`groups\` (name, owner_id, number_id, state, is_public, invite_code, invite_key, description, created_at, activated_at)
       SELECT IF(n.n = 1, 'Zither club', 'Some club'), g.owner_id, g.number_id, 'active', 1, CONCAT('club-', n.n),
         CONCAT('club-', n.n), '', g.created_at, NOW(3) + INTERVAL n.n SECOND
       FROM \`groups\` g JOIN (SELECT a.n * 50 + b.n + 1 AS n FROM (${upTo(50)}) a JOIN (${upTo(50)}) b) n WHERE g.id = ?`,
      [groups.get('Knitters')?.id ?? 0],
    );
    await db.raw(
      `INSERT INTO public_groups (group_id, activated_at, words)
       SELECT id, activated_at, IF(name = 'Zither club', ' n_zither n_club a_zither a_club ', ' n_some n_club a_some a_club ')
       FROM \`groups\` WHERE invite_key LIKE 'club-%'`,
    );
    try {
      const asked = await statementsDuring(async () => {
        expect(await names({ search: 'club' })).to.deep.equal(Array(50).fill('Some club'));
        // The oldest of them all.
        expect((await names({ search: 'club zither' })).slice(0, 2)).to.deep.equal(['Zither club', 'Some club']);
      });
      const matched = asked.filter(({ text }) => text.includes('MATCH')).map(({ values }) => values.join(' '));
      expect(matched).to.have.length(1);
      expect(matched[0]).to.include('+a_zither*').and.not.include('a_club*');
    } finally {
      await db.raw(
        "DELETE FROM public_groups WHERE group_id IN (SELECT id FROM `groups` WHERE invite_key LIKE 'club-%')",
      );
      await db.raw("DELETE FROM `groups` WHERE invite_key LIKE 'club-%'");
    }
  });

  it('says how a group is, and whether the caller is in it', async () => {
    const name = 'Knitters';
    const code = String((await set(name, {})).invite_code);
    const one = async (params: Params) => (await list({ search: 'knit', ...params }))[0];
    const known = {
      ...{ invite_code: code, name, description: 'For hikers who knit', owner: 'Ann', reply_to_owner: 0 },
      ...{ count: 2, full: 0, is_member: 0 },
    };
    expect(await one({})).to.deep.equal(known);
    expect(await one({ number: '(444) 555-0001' })).to.deep.equal({ ...known, is_member: 1 });
    for (const number of ['+14445559999', 'x', '+442079460018']) expect(await one({ number })).to.deep.equal(known);
    const dan = '+14445550077';
    await world.call('/group/join', { invite_code: code, name: 'Dan', number: dan });
    await set(name, { reply_to_owner: 1 });
    expect(await one({ number: dan })).to.include({ count: 3, full: 1, is_member: 1, reply_to_owner: 1 });
    await world.call('/member/bye', { sid: await openSid(world, dan), group: numberOf(name) });
    expect(await one({ number: dan })).to.include({ count: 2, full: 0, is_member: 1 });
    await set(name, { reply_to_owner: 0 });
  });

  it('follows a group that is renamed, described anew, made private and deleted', async () => {
    const name = 'Hike';
    await set(name, { name: 'Strollers', description: 'Slow walks' });
    expect(await names({ search: 'hike' })).to.deep.equal(['Seattle Hikers', 'Knitters']);
    expect(await names({ search: 'slow strollers' })).to.deep.equal(['Strollers']);
    await set(name, { is_public: 0 });
    expect(await names({ search: 'strollers' })).to.deep.equal([]);
    await set(name, { is_public: 1 });
    expect(await names({ search: 'strollers' })).to.deep.equal(['Strollers']);
    await world.call('/group/delete', { sid, number: numberOf(name) });
    expect(await names({ search: 'strollers' })).to.deep.equal([]);
    expect(await names({})).not.to.include('Strollers');
  });

  it('lists a group from its activation on', async () => {
    const creator = '+14445550088';
    const { body } = await world.call('/group/create', {
      ...{ group: 'Zebra', name: 'Zoe', number: creator, name_0: 'Ann', number_0: ann },
    });
    await world.runtime.db.raw(
      "UPDATE `groups` SET is_public = 1, description = 'Stripes', invite_code = 'zebra', invite_key = 'zebra' WHERE name = 'Zebra'",
    );
    expect(await names({ search: 'zebra' })).to.deep.equal([]);
    await world.text(creator, String(body.number), 'Yes');
    expect(await names({ search: 'zebra' })).to.deep.equal(['Zebra']);
  });
});

/** So many numbers from 0 on, as rows. */
function upTo(count: number): string {
  return Array.from({ length: count }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ');
}

describe('the words of the full-text index', () => {
  it('begin alike where the text begins alike, and are never too long for the index', () => {
    for (const [whole, part] of [
      ['чайник', 'чай'],
      ['한국어', '한국'],
      ['naïve', 'NAI'],
      ['ﬁnance', 'fin'],
    ] as const) {
      expect(wordsOf(whole)[0]).to.match(new RegExp(`^${wordsOf(part)[0]}`));
    }
    expect(wordsOf('я'.repeat(150))[0]).to.have.length(80);
    for (const word of wordsOf('Ünïcödé 日本 🏔️ x²y — don’t ΣΊΣΥΦΟΣ')) expect(word).to.match(/^[a-z0-9_]{1,80}$/);
  });
});
