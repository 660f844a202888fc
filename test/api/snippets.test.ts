import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { commands, programs } from '../../api/docs/snippets.ts';
import { startGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';

const root = path.join(import.meta.dirname, '..', '..');
const ann = '+14445556666';
const bob = '+14445558888';

describe('the guide and the tasks of the reference', () => {
  let world: World;
  let folder: string;
  before(async () => {
    world = await openWorld({ env: { MAX_PENDING_GROUPS: '100' } });
    folder = mkdtempSync(path.join(tmpdir(), 'snippets-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  /** Runs a command as it stands, but for the address and what the steps before have shown. */
  async function shell(command: string, shown: Record<string, string> = {}): Promise<Record<string, unknown>> {
    let line = command.replace('http://localhost:3000', world.url).replace('curl', 'curl -s');
    for (const [name, value] of Object.entries(shown)) line = line.replace(name, value);
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    return JSON.parse(stdout);
  }

  /** Writes a program as it stands, but for where the client is. */
  function write(name: keyof typeof programs): string {
    const file = path.join(folder, `${name}.mts`);
    writeFileSync(file, programs[name].replace('group-texting/client', path.join(root, 'client', 'index.ts')));
    return file;
  }

  function start(name: keyof typeof programs, env: Record<string, string> = {}) {
    const file = write(name);
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      cwd: root,
      env: { ...process.env, API_URL: world.url, ...env },
    });
    let out = '';
    const watchers: { words: RegExp; resolve: (out: string) => void; reject: (error: Error) => void }[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (piece) => {
        out += piece;
        for (const { words, resolve } of watchers) if (words.test(out)) resolve(out);
      });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    void ended.then(() => {
      for (const { words, reject } of watchers) reject(new Error(`it ended without ${words}: ${out}`));
    });
    const says = (words: RegExp) =>
      words.test(out)
        ? Promise.resolve(out)
        : new Promise<string>((resolve, reject) => watchers.push({ words, resolve, reject }));
    return { child, says, ended };
  }

  const pinOf = () => /\b\d{6}\b/.exec(world.textsTo(ann).findLast(({ text }) => /\d{6}/.test(text))?.text ?? '')?.[0];
  const heard = (phone: string, text: string) => world.textsTo(phone).filter((one) => one.text === text).length;

  it('hold programs that the compiler takes, as strict as it can be', async () => {
    const files = (Object.keys(programs) as (keyof typeof programs)[]).map(write);
    const flags =
      '--noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --module nodenext --target es2023 --types node --allowImportingTsExtensions';
    const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const ran = promisify(execFile)(process.execPath, [compiler, ...flags.split(' '), '--ignoreConfig', ...files]);
    const said = await ran.then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    );
    expect(said).to.equal('');
  });

  it('go from nothing to a text with three commands', async () => {
    expect(Object.keys(commands)).to.have.length(3);
    const { number } = await shell(commands.create);
    await world.quiet();
    await world.text(ann, String(number), 'YES');
    await world.quiet();
    const { sid } = await shell(commands.logIn, { PIN: pinOf() ?? '' });
    const sent = await shell(commands.send, { SID: String(sid), NUMBER: String(number) });
    expect(sent).to.deep.equal({ status: 'OK', message_id: 1 });
    await world.quiet();
    expect(heard(bob, 'Ann: Lunch at noon?')).to.equal(1);
  });

  it('go the same way in TypeScript', async () => {
    const before = world.textsTo(ann).length;
    const { child, says, ended } = start('guide');
    await says(/PIN\? /);
    const [asked] = (await world.inbox(ann, before + 1)).slice(before);
    await world.text(ann, asked?.from ?? '', 'YES');
    child.stdin.end(`${pinOf()}\n`);
    await says(/Sent as message 1/);
    expect(await ended).to.equal(0);
    await world.quiet();
    expect(heard(bob, 'Ann: Lunch at noon?')).to.equal(2);
  });

  it('make a group from a form', async () => {
    const { says, ended } = start('form');
    await says(/Answer YES to the text from \+1/);
    expect(await ended).to.equal(0);
  });

  it('answer as a bot, by a key and from a cursor on', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { name: 'Shop' });
    const sid = await openSid(world, group.phones.Ann ?? '');
    const { body: made } = await world.call('/v1/keys/create', { sid, name: 'Bot', access: 'send' });
    const authorization = `Bearer ${made.key}`;
    const { body: now } = await world.call('/v1/events', {}, { headers: { authorization } });
    const { child, ended } = start('bot', { TOKEN: String(made.key), CURSOR: String(now.cursor) });
    const before = world.textsTo(group.phones.Bob ?? '').length;
    await world.text(group.phones.Bob ?? '', group.number, 'What are your hours?');
    await world.inbox(group.phones.Bob ?? '', before + 1);
    expect(heard(group.phones.Bob ?? '', 'Ann: We are open from 9 to 5.')).to.equal(1);
    child.kill();
    await ended;
  });

  it('show an inbox that is live, each message once', async () => {
    const group = await startGroup(world, ['Ann', 'Bob'], { name: 'Rowers' });
    const [annPhone = '', bobPhone = ''] = Object.values(group.phones);
    await world.text(bobPhone, group.number, 'Who rows today?');
    await world.quiet();
    const sid = await openSid(world, annPhone);
    const { child, says, ended } = start('inbox', { TOKEN: sid });
    await says(/Rowers 1 \| Bob: Who rows today\?\nListening to 1 groups/);
    await world.text(bobPhone, group.number, 'Nobody?');
    await says(/Rowers 2 \| Bob: Nobody\?/);
    await says(/Rowers 2 \| 1 have it, 0 do not get it/);
    await world.call('/group/set', { sid, number: group.number, name: 'Scullers' });
    await world.call('/member/add', { sid, group: group.number, name: 'Cid', number: '+14445557701' });
    await says(/Scullers \| Cid joined/);
    const other = await startGroup(world, ['Eve', 'Ann'], { name: 'Choir', phones: { Ann: annPhone } });
    await world.text(other.phones.Eve ?? '', other.number, 'We sing at six');
    const out = await says(/Choir 1 \| Eve: We sing at six/);
    expect(out.match(/Nobody\?/g)).to.have.length(1);
    expect(out.match(/We sing/g)).to.have.length(1);
    child.kill();
    await ended;
  });

  it('announce, and say who did not get it', async () => {
    const group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { name: 'Choir' });
    await world.text(group.phones.Cid ?? '', group.number, '*off');
    await world.quiet();
    const { says, ended } = start('announcement', {
      TOKEN: await openSid(world, group.phones.Ann ?? ''),
      GROUP: group.number,
    });
    await says(/1 people for 1 cents\s+Delivered to 1\s+Cid: sms/);
    expect(await ended).to.equal(0);
  });
});
