import { expect } from 'chai';
import { acceptedLanguage } from '../../api/languages.ts';
import { run } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { itRefuses, type Params } from '../support/refusals.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002' };

describe('languages, by calls', () => {
  let world: World;
  let choir: TestGroup;
  let chess: TestGroup;
  let sids: { ann: string; bob: string };
  before(async () => {
    world = await openWorld({ workers: false });
    choir = await startGroup(world, ['Ann', 'Bob'], { name: 'Choir', phones, quiet: false });
    chess = await startGroup(world, ['Bob', 'Ann'], { name: 'Chess', phones, quiet: false });
    sids = { ann: await openSid(world, phones.Ann), bob: await openSid(world, phones.Bob) };
  });
  after(() => world?.close());

  const shown = async (sid: string) => {
    const { body } = await world.call('/member/groups', { sid });
    return (body.groups as Params[]).map(({ name, language, group_language }) => [name, language, group_language]);
  };
  /** The whole answer, with its sentence for people. */
  const ask = async (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${world.url}${url}`, { method: 'POST', headers, body: new URLSearchParams(fields) });
    return (await answer.json()) as Params;
  };
  const say = async (sid: string, group: TestGroup, message: string) =>
    (await world.call('/message/send', { sid, number: group.number, message })).body.reply;

  itRefuses('/group/set', () => world, [
    [
      'language is none',
      () => ({ sid: sids.ann, number: choir.number, language: 'xx' }),
      'BAD_REQUEST',
      'language',
      400,
    ],
    [
      'it is not the owner who sets the language of the group',
      () => ({ sid: sids.bob, number: choir.number, language: 'es' }),
      'NOT_OWNER',
    ],
  ]);
  itRefuses('/member/set', () => world, [
    [
      'language is none',
      () => ({ sid: sids.bob, group: choir.number, language: 'xx' }),
      'BAD_REQUEST',
      'language',
      400,
    ],
    [
      'the owner chooses the language of another member',
      () => ({ sid: sids.ann, group: choir.number, number: phones.Bob, language: 'es' }),
      'NOT_OWNER',
    ],
  ]);

  it('is one’s own choice for all groups, by code or name, and may be taken back', async () => {
    for (const [sent, language] of [
      ['es', 'es'],
      ['Français', 'fr'],
      ['', ''],
    ]) {
      await world.call('/member/set', { sid: sids.bob, group: choir.number, language: sent });
      expect(await shown(sids.bob)).to.have.deep.members([
        ['Choir', language, ''],
        ['Chess', language, ''],
      ]);
    }
    expect((await shown(sids.ann)).map(([, language]) => language)).to.deep.equal(['', '']);
  });

  it('is that of the group for who has chosen none', async () => {
    await world.call('/group/set', { sid: sids.ann, number: choir.number, language: 'es' });
    expect(await shown(sids.ann)).to.have.deep.members([
      ['Choir', '', 'es'],
      ['Chess', '', ''],
    ]);
    expect(await say(sids.ann, choir, '*count')).to.match(/^"Choir" tiene/);
    expect(await say(sids.ann, chess, '*count')).to.match(/^"Chess" has/);
    await world.call('/member/set', { sid: sids.ann, group: chess.number, language: 'fr' });
    expect(await say(sids.ann, choir, '*count')).to.match(/^"Choir" a/);
  });

  it('errors that a command is answered are in it, the tokens and values of calls are not', async () => {
    await world.call('/member/set', { sid: sids.bob, group: choir.number, language: 'es' });
    expect(await say(sids.bob, choir, '*nombre Ann')).to.match(/No se cambió nada|No se cambio nada/);
    const { body } = await world.call('/member/set', { sid: sids.bob, group: choir.number, name: 'Ann' });
    expect(body).to.deep.include({ status: 'ERROR', error_type: 'NAME_IN_USE' });
    expect(JSON.stringify(body)).not.to.match(/nombre/);
  });

  it('are that of the person in errors, for people to read; the token stays', async () => {
    const refused = async (sid: string, headers = {}) => {
      const missing = await ask('/message/schedule', { sid, number: chess.number }, headers);
      const unknown = await ask('/v1/lists/delete', { sid, number: chess.number, name: 'none' }, headers);
      return [missing.error_type, missing.message, unknown.error_type, unknown.message];
    };
    await world.text(phones.Bob, chess.number, '*language english');
    await run(world.runtime.db, 'UPDATE people SET language = NULL WHERE phone = ?', [phones.Ann]);
    expect(await refused(sids.bob, { 'accept-language': 'fr' }), 'chosen').to.deep.equal([
      'MISSING_FIELDS',
      'Required fields are missing or empty; error_subtype lists them.',
      'NOT_FOUND',
      'The group has no list of that name.',
    ]);
    expect((await refused(sids.ann, { 'accept-language': 'de, fr-CA;q=0.8, en;q=0.5' }))[1], 'of the browser').to.equal(
      'Des champs requis manquent ou sont vides; error_subtype les liste.',
    );
    await world.text(phones.Bob, chess.number, '*language español');
    expect(await refused(sids.bob, { 'accept-language': 'fr' })).to.deep.equal([
      'MISSING_FIELDS',
      'Faltan campos obligatorios o están vacíos; error_subtype los lista.',
      'NOT_FOUND',
      'El grupo no tiene una lista con ese nombre.',
    ]);
  });

  it('of a phone that a call merely names is not told', async () => {
    await world.text(phones.Bob, chess.number, '*language español');
    expect(await ask('/member/login', { number: phones.Bob, pin: '000000', source: 'app' })).to.include({
      error_type: 'INVALID_PIN',
      message: 'The PIN or password is wrong, used or expired.',
    });
    const unknown = await ask('/member/groups', { sid: 'none' }, { 'accept-language': 'es' });
    expect(unknown.message).to.match(/^Falta el id de sesión/);
  });

  it('are read from a browser that names them in any order, and from nothing that is none', () => {
    for (const [header, language] of [
      [undefined, 'en'],
      ['', 'en'],
      ['*', 'en'],
      ['es', 'es'],
      ['fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
      ['en;q=0.5, es-MX;q=0.7', 'es'],
      ['de-DE, de;q=0.9', 'en'],
      ['fr;q=0, es;q=0.1', 'es'],
      ['es;q=x, fr', 'fr'],
      ['=;,;;q=', 'en'],
      [`es${', fr'.repeat(100)}`, 'en'],
    ] as const)
      expect(acceptedLanguage(header), header).to.equal(language);
  });
});
