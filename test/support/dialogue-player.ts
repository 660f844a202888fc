import { openAccount } from '../../db/billing/accounts.ts';
import { row, run, transact } from '../../db/connect.ts';
import { activateGroup, endGroup, insertGroup, patchGroup } from '../../db/groups/group-changes.ts';
import { insertMemberships } from '../../db/groups/memberships.ts';
import { addNumbers } from '../../db/groups/numbers.ts';
import { insertStagedMembers } from '../../db/groups/staged-members.ts';
import { ensurePeople } from '../../db/people/people.ts';
import { sendDigests } from '../../engine/groups/digests.ts';
import { endMutes } from '../../engine/groups/mutes.ts';
import { askHeirs } from '../../engine/groups/owners.ts';
import { readPhone } from '../../engine/rules/phone.ts';
import { send } from '../../engine/usecases/submit.ts';
import { newestMessage, quietOf } from './dialogue-quiet.ts';
import { moveBack } from './dialogue-time.ts';
import type { Dialogue, Step } from './dialogues.ts';
import type { World } from './world.ts';

/** Plays a dialogue in a world that it shares with others. Throws where something else arrives than it says. */
export async function play(world: World, dialogue: Dialogue): Promise<void> {
  const player = new Player(world, dialogue, { before: await newestMessage(world.runtime.db) });
  for (let at = 0; at < dialogue.steps.length; ) {
    const step = dialogue.steps[at] as Step;
    const ends = dialogue.steps.findIndex(({ kind }, next) => next > at && kind !== 'arrives' && kind !== 'nobody');
    const expected = dialogue.steps.slice(at + 1, ends < 0 ? undefined : ends);
    await player.perform(step, expected);
    at = ends < 0 ? dialogue.steps.length : ends;
  }
}

type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** How many texts a phone has got, from us and from the carrier itself. */
type Screen = { texts: number; replies: number };
const blank: Screen = { texts: 0, replies: 0 };

let dialogues = 0;

/** Area codes of the countries that are allowed: some in between are those of islands, or cost extra. */
const phones = { defaultRegion: 'US', allowedCountries: ['US', 'CA'] };
const areas = Array.from({ length: 790 }, (_, at) => 200 + at).filter(
  (area) => readPhone(`+1${area}5552000`, phones) !== null,
);

/** Numbers that nobody is given who asks for one: `ordered` ones are not handed out. */
const tollFree = ['+18335551001', '+18445551002', '+18005551003'];
const tollFreeAdded = new WeakMap<World, Promise<void>>();

function addTollFree({ runtime }: World): Promise<void> {
  const numbers = tollFree.map((phone) => ({ phone, kind: 'ordered', carrier: 'plivo', campaign: null }) as const);
  return addNumbers(runtime.db, { numbers, now: new Date() });
}

/** The people and groups of one dialogue. */
class Player {
  private readonly area = areas[dialogues % areas.length] ?? 0;
  private readonly round = Math.floor(dialogues++ / areas.length);
  private readonly phones = new Map<string, string>();
  private readonly groups = new Map<string, { id: number; number: string; owner: string }>();
  private seen = new Map<string, Screen>();
  /** The newest message before the dialogue began: what is looked for is behind it. */
  private readonly before: number;

  constructor(
    private readonly world: World,
    private readonly dialogue: Dialogue,
    { before }: { before: number },
  ) {
    this.before = before;
  }

  async perform(step: Step, expected: readonly Step[]): Promise<void> {
    if (step.kind === 'group') await this.found(step);
    if (step.kind === 'set') await this.set(step);
    if (step.kind === 'text') {
      for (let count = 0; count < step.times; count++) await this.say(step);
      await this.quiet();
    }
    if (step.kind === 'later') await this.pass(step.ms);
    if (step.kind === 'text' || step.kind === 'later') this.compare(step, expected);
    for (const phone of this.phones.values()) this.seen.set(phone, this.screenOf(phone));
  }

  private phoneOf(name: string): string {
    const known = this.phones.get(name);
    if (known !== undefined) return known;
    const phone = /^\d{7,}$/.test(name)
      ? `+${name}`
      : `+1${this.area}555${String(2000 + this.round * 100 + this.phones.size)}`;
    this.phones.set(name, phone);
    return phone;
  }

  private numberOf(name: string): string {
    if (name === 'service') return this.world.serviceNumber;
    const group = this.groups.get(name);
    if (group === undefined) throw this.wrong(0, `there is no group ${name}`);
    return group.number;
  }

  /** As /group/create and a YES would leave it, without their texts. */
  private async found({ name, people, as, line }: Of<'group'>): Promise<void> {
    const { db, config } = this.world.runtime;
    const now = new Date();
    const number = as.includes('toll-free') ? await this.tollFreeNumber() : (this.world.pool[this.groups.size] ?? '');
    const phones = people.map((one) => this.phoneOf(one));
    const met = await transact(db, (tx) => ensurePeople(tx, phones, now));
    const idOf = (one: string) => met.get(this.phoneOf(one))?.id ?? 0;
    const [owner = ''] = people;
    const numberRow = await row<{ id: number }>(db, 'SELECT id FROM numbers WHERE phone = ?', [number]);
    if (numberRow === undefined) throw this.wrong(line, 'too many groups');
    const numberId = numberRow.id;
    const replyToOwner = as.includes('replies to the owner');
    const group = { name, ownerId: idOf(owner), numberId, replyToOwner, source: null, now };
    const groupId = await transact(db, (tx) => insertGroup(tx, group));
    const isStaged = as.includes('staged');
    const there = isStaged ? [owner] : people;
    const members = there.map((one) => ({ groupId, personId: idOf(one), numberId, name: one }));
    await insertMemberships(db, { members, fromVersion: 1, now });
    const named = people.slice(there.length).map((one) => ({ name: one, phone: this.phoneOf(one) }));
    await insertStagedMembers(db, { groupId, members: named });
    await openAccount(db, { personId: idOf(owner), trial: config.TRIAL_BALANCE, email: null, now });
    await patchGroup(db, {
      groupId,
      patch: { disableWho: as.includes('roster closed'), disableAdd: as.includes('adding closed') },
    });
    if (!isStaged) await activateGroup(db, { groupId, now });
    // Their owners were told long ago that the balance runs low.
    if (as.includes('suspended'))
      await run(db, 'UPDATE accounts SET balance = 0, low_at = NULL WHERE person_id = ?', [idOf(owner)]);
    if (as.includes('deleted')) await endGroup(db, { groupId, now });
    this.groups.set(name, { id: groupId, number, owner });
  }

  private async tollFreeNumber(): Promise<string> {
    const { world } = this;
    const added = tollFreeAdded.get(world) ?? addTollFree(world);
    tollFreeAdded.set(world, added);
    await added;
    return tollFree[this.groups.size] ?? '';
  }

  private async set({ group, setting, value }: Of<'set'>): Promise<void> {
    const { db } = this.world.runtime;
    const groupId = this.groups.get(group)?.id ?? 0;
    if (setting === 'the name') await patchGroup(db, { groupId, patch: { name: value } });
    if (setting === 'the code') await patchGroup(db, { groupId, patch: { inviteCode: `${value}${this.area}` } });
    if (setting === 'busy') await patchGroup(db, { groupId, patch: { batches: true, hot: true, bundling: true } });
    if (setting === 'broadcast')
      await run(db, 'UPDATE memberships SET broadcast = 1 WHERE group_id = ? AND name = ?', [groupId, value]);
    await run(db, 'UPDATE `groups` SET roster_version = roster_version + 1 WHERE id = ?', [groupId]);
  }

  private async say({ by, who, to, text, pictures, line }: Of<'text'>): Promise<void> {
    const phone = this.phoneOf(who);
    if (!this.seen.has(phone)) this.seen.set(phone, blank);
    const said = this.fill(text);
    if (by === 'app') {
      await send(this.world.runtime, { phone, number: this.numberOf(to), text: said, cc: false });
      return;
    }
    const media = Array.from({ length: pictures }, (_, at) => `https://media.example/${at}.jpg`);
    const status = await this.world.text(phone, this.numberOf(to), said, media);
    if (status !== 200) throw this.wrong(line, `the carrier was answered ${status}`);
  }

  private async pass(ms: number): Promise<void> {
    const { runtime } = this.world;
    const groupIds = [...this.groups.values()].map(({ id }) => id);
    await moveBack(runtime.db, { phones: [...this.phones.values()], groupIds, seconds: ms / 1000 });
    await this.quiet();
    await Promise.all([endMutes(runtime), sendDigests(runtime), askHeirs(runtime)]);
    await this.quiet();
  }

  /** Waits until what is due and everything for these people has arrived; other dialogues go on meanwhile. */
  private async quiet(): Promise<void> {
    const groupIds = [...this.groups.values()].map(({ id }) => id);
    await quietOf(this.world.runtime, { phones: [...this.phones.values()], groupIds, after: this.before });
  }

  private compare(step: Of<'text'> | Of<'later'>, expected: readonly Step[]): void {
    if (step.kind === 'text' && !step.looked) return;
    const arrived = [...this.phones].flatMap(([who, phone]) => {
      const { texts, replies } = this.seen.get(phone) ?? blank;
      const { simulator } = this.world;
      return [
        ...simulator.textsTo(phone).slice(texts),
        ...simulator
          .repliesTo(phone)
          .slice(replies)
          .map(({ text }) => ({ from: 'carrier', text, media: [] })),
      ].map(({ from, text, media }) => ({ who, from, text: text.replaceAll('\n', ' / '), pictures: media.length }));
    });
    const usual = step.kind === 'text' ? step.to : null;
    const missing = expected.flatMap((line) => {
      if (line.kind !== 'arrives') return [];
      const at = arrived.findIndex((one) => this.isIt(one, line, usual));
      if (at < 0) return [`${line.who}: ${line.text}`];
      arrived.splice(at, 1);
      return [];
    });
    const surplus = arrived.map(({ who, text, from }) => `${who} from ${this.placeOf(from)}: ${text}`);
    if (expected.length === 0) throw this.wrong(step.line, `it does not say what arrives: ${surplus.join('; ')}`);
    if (missing.length + surplus.length > 0) {
      throw this.wrong(
        step.line,
        `missing: ${missing.join(' | ') || 'none'}\n  instead: ${surplus.join(' | ') || 'none'}`,
      );
    }
  }

  private isIt(
    one: { who: string; from: string; text: string; pictures: number },
    line: Of<'arrives'>,
    usual: string | null,
  ): boolean {
    if (one.who !== line.who || one.pictures !== line.pictures) return false;
    const from = line.from ?? usual;
    if (from !== null && this.placeOf(one.from) !== from && from !== 'anywhere') return false;
    const wanted = this.fill(line.text)
      .split('...')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${wanted.join('.*')}$`, 'su').test(one.text);
  }

  private screenOf(phone: string): Screen {
    const { simulator } = this.world;
    return { texts: simulator.textsTo(phone).length, replies: simulator.repliesTo(phone).length };
  }

  private placeOf(number: string): string {
    if (number === 'carrier') return number;
    if (number === this.world.serviceNumber) return 'service';
    return [...this.groups].find(([, group]) => group.number === number)?.[0] ?? 'elsewhere';
  }

  /** {Bob} is a phone, {Hikers} a number; {CODE} an invite code of this dialogue. */
  private fill(text: string): string {
    return text.replace(/\{(\p{L}+)\}/gu, (_, name: string) => {
      if (name === 'service' || this.groups.has(name)) return this.numberOf(name);
      return /^[A-Z]{2,}$/.test(name) ? `${name}${this.area}` : this.phoneOf(name);
    });
  }

  private wrong(line: number, why: string): Error {
    return new Error(`${this.dialogue.file}:${line}: ${why}`);
  }
}
