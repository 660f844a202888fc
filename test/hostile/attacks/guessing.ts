import { randomInt } from 'node:crypto';
import type { Attack } from '../attack.ts';
import { eachOf } from '../each.ts';
import { agentFrom, newPhone, type Target } from '../target.ts';

const AT_ONCE = 100;
/** From the contract: the wrong PINs for one phone before a lockout. */
const WRONG_PINS = 5;

export const pins: Attack = {
  name: 'pins',
  does: 'PINs of a member, guessed one by one, then all at once from many addresses',
  async run(target, { runs, note }) {
    const broken: string[] = [];
    const [first, second] = target.victims.members;
    if (first === undefined || second === undefined) throw new Error('there is nobody to guess at');
    for (const phone of [first.phone, second.phone]) await target.call('/member/find', { number: phone });
    const right = await pinOf(target, first.phone);
    const tokens: unknown[] = [];
    for (let at = 0; at <= WRONG_PINS; at++) tokens.push(await guess(target, first.phone, other(right), at));
    const wanted = [...Array<string>(WRONG_PINS).fill('INVALID_PIN'), 'LOCKOUT'];
    if (tokens.join() !== wanted.join()) broken.push(`one by one: ${tokens.join()}`);
    if ((await guess(target, first.phone, right, 99)) !== 'LOCKOUT')
      broken.push('the right PIN got in during the lockout');

    const many = runs === 'many' ? 2_000 : 60;
    const rightToo = await pinOf(target, second.phone);
    const answers = new Map<unknown, number>();
    await eachOf([...Array(many).keys()], AT_ONCE, async (at) => {
      const token = await guess(target, second.phone, other(rightToo), at);
      answers.set(token, (answers.get(token) ?? 0) + 1);
    });
    const looked = answers.get('INVALID_PIN') ?? 0;
    const locked = answers.get('LOCKOUT') ?? 0;
    note(`${many} PINs guessed at one phone: ${looked} were looked at`);
    if (looked > WRONG_PINS || looked + locked !== many)
      broken.push(`at once: ${looked} looked at, ${locked} locked out of ${many}`);
    if ((await guess(target, second.phone, rightToo, 98)) !== 'LOCKOUT')
      broken.push('the right PIN got in after all of them');
    return broken;
  },
};

function guess(target: Target, phone: string, pin: string, at: number): Promise<unknown> {
  const from = `127.0.${1 + (at % 100)}.${2 + Math.floor(at / 100)}`;
  return target.call('/member/login', { number: phone, pin }, from).then(({ body }) => body.error_type ?? body.status);
}

/** The PIN that came by text. */
async function pinOf({ textsTo }: Target, phone: string): Promise<string> {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const found = textsTo(phone)
      .flatMap(({ text }) => /\b\d{6}\b/.exec(text)?.[0] ?? [])
      .at(-1);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('no PIN came');
}

function other(pin: string): string {
  return String((Number(pin) + randomInt(1, 999_999)) % 1_000_000).padStart(6, '0');
}

export const sids: Attack = {
  name: 'sids',
  does: 'sids that are nearly right, of another shape, or made of wildcards',
  async run({ call, victims: { owner, members } }) {
    const { sid } = owner;
    const near = Array.from(sid, (letter, at) => sid.slice(0, at) + (letter === 'A' ? 'B' : 'A') + sid.slice(at + 1));
    const odd = [
      '%',
      '_'.repeat(43),
      sid.slice(0, -1),
      `${sid}A`,
      sid.toUpperCase(),
      sid.toLowerCase(),
      `${sid}'`,

      '0',
      'null',
      'true',
    ];
    const shapes: unknown[] = [0, 1, true, [sid], { $ne: '' }, { sid }, [sid, members[0]?.sid]];
    const broken: string[] = [];
    for (const guess of [...near, ...odd, ...shapes]) {
      if (guess === sid) continue;
      const { http, text } = await call('/member/groups', { sid: guess });
      if (http !== 401 && http !== 400) broken.push(`${JSON.stringify(guess)}: ${http} ${text.slice(0, 100)}`);
    }
    if ((await call('/member/groups', { sid })).http !== 200) broken.push('the right one was refused');
    return broken;
  },
};

/** Nobody is to learn by the clock who is a member. A figure, because machines are busy. */
export const timing: Attack = {
  name: 'timing',
  does: 'logins of members and of strangers, and how long each takes',
  async run(target, { runs, note }) {
    const rounds = runs === 'many' ? 200 : 10;
    const hits: number[] = [];
    const misses: number[] = [];
    for (let at = 0; at < rounds; at++) {
      hits.push(await timeOf(target, await knownPhone(target), at));
      misses.push(await timeOf(target, newPhone(), at));
    }
    note(`login of a member ${say(hits)}, of a stranger ${say(misses)}`);
    return [];
  },
};

/** Somebody who is known, and whom nobody has guessed at: a lockout would answer at once. */
async function knownPhone({ text, serviceNumber }: Target): Promise<string> {
  const phone = newPhone();
  await text(phone, serviceNumber, '*groups');
  return phone;
}

async function timeOf({ url }: Target, phone: string, at: number): Promise<number> {
  const began = performance.now();
  const { statusCode, body } = await agentFrom(`127.0.200.${2 + (at % 200)}`).request({
    origin: url,
    path: '/member/login',
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number: phone, pin: '000000' }),
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`a login was answered ${statusCode}`);
  return performance.now() - began;
}

function say(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1);
  return `${at(0.5)} ms (a tenth under ${at(0.1)}, a tenth over ${at(0.9)})`;
}
