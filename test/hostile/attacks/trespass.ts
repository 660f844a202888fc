import type { Endpoint } from '../../../api/endpoint.ts';
import { endpoints } from '../../../api/endpoints/index.ts';
import { revokeApiKey } from '../../../db/people/api-keys.ts';
import type { Attack } from '../attack.ts';
import { snapshotOf } from '../snapshot.ts';
import { type Answer, openKeyOf, openSidOf, type Person, type Target } from '../target.ts';
import { asksOfGroup, valuesFor } from '../values.ts';

/** Every endpoint, asked by everybody who may not. */
export const trespass: Attack = {
  name: 'trespass',
  does: 'every endpoint, about somebody else’s group, with the sid or a key of an outsider, a removed one, a plain member, nobody',
  async run(target) {
    const before = await snapshotOf(target);
    const broken: string[] = [];
    for (const intruder of intrudersOf(target)) {
      for (const endpoint of endpoints.filter(intruder.asks)) {
        const answer = await intrude(target, endpoint, intruder);
        const wrong = intruder.judge(endpoint, answer) ?? leakIn(target, answer, intruder);
        if (wrong !== null)
          broken.push(`${endpoint.url} by ${intruder.what}: ${wrong} ${answer.http} ${answer.text.slice(0, 200)}`);
      }
      if ((await snapshotOf(target)) !== before) broken.push(`${intruder.what} changed something`);
    }
    return broken;
  },
};

type Intruder = {
  what: string;
  who: Person;
  /** A session of theirs, or what they send in place of one. */
  sid(): Promise<string | undefined>;
  /** A key of theirs, in the header. */
  key?(): Promise<string>;
  asks(endpoint: Endpoint): boolean;
  /** What is wrong about the answer; null: nothing. */
  judge(endpoint: Endpoint, answer: Answer): string | null;
};

function intrudersOf(target: Target): Intruder[] {
  const { outsiders, victims, db, call } = target;
  // Each call has its own: one of the endpoints ends it.
  const own = (who: Person) => () => openSidOf(db, who.phone);
  const all = () => true;
  const guarded = ({ session }: Endpoint) => session === 'required' || session === 'requiredOrPin';
  const [plain = victims.owner] = victims.members;
  async function loggedOut(): Promise<string> {
    const sid = await openSidOf(db, victims.owner.phone);
    await call('/member/logout', { sid });
    return sid;
  }
  const keyOf = (who: Person, { revoked = false } = {}) => ({
    who,
    sid: async () => undefined,
    asks: guarded,
    async key() {
      const { id, key } = await openKeyOf(db, who.phone);
      if (revoked) await revokeApiKey(db, { id, now: new Date() });
      return key;
    },
  });
  return [
    { what: 'a key of an outsider', ...keyOf(outsiders.owner), judge: notByThisKey },
    // A key reaches the groups that its person owns.
    { what: 'a key of a plain member', ...keyOf(plain), judge: notByThisKey },
    { what: 'a key that was revoked', ...keyOf(victims.owner, { revoked: true }), judge: unauthorized },
    { what: 'an outsider', who: outsiders.owner, sid: own(outsiders.owner), asks: all, judge: notAMember },
    { what: 'a removed member', who: victims.removed, sid: own(victims.removed), asks: all, judge: notAMember },
    { what: 'a plain member', who: plain, sid: own(plain), asks: forOwners, judge: notTheOwner },
    { what: 'nobody', who: outsiders.owner, sid: async () => undefined, asks: guarded, judge: unauthorized },
    {
      what: 'a made-up sid',
      who: outsiders.owner,
      sid: async () => 'A'.repeat(43),
      asks: guarded,
      judge: unauthorized,
    },
    { what: 'a sid that logged out', who: victims.owner, sid: loggedOut, asks: guarded, judge: unauthorized },
  ];
}

async function intrude(
  { call, victims, outsiders }: Target,
  endpoint: Endpoint,
  { who, sid, key }: Intruder,
): Promise<Answer> {
  const isGroup = asksOfGroup(endpoint);
  // On the whole group, and about its owner; where there is no group in it, about what is the intruder's own.
  const values = valuesFor(endpoint, { by: who, group: victims, other: isGroup ? victims.owner : outsiders.owner });
  const given = endpoint.session === 'none' ? undefined : await sid();
  const params = { ...values, ...withoutStranger(endpoint), ...(given === undefined ? {} : { sid: given }) };
  return call(endpoint.url, params, undefined, await key?.());
}

/** A new member is somebody who is not there yet. */
function withoutStranger({ url }: Endpoint): Record<string, string> {
  return url === '/member/add' ? { number: '+12015550178', name: 'Mallory' } : {};
}

function notAMember(endpoint: Endpoint, { http, body }: Answer): string | null {
  if (!asksOfGroup(endpoint) || endpoint.session === 'none') return http >= 500 && !isAway(body) ? 'it broke:' : null;
  // It may say "nothing", where it has no error to say it with.
  const isEmpty = body.status === 'OK' && JSON.stringify(body.results) === '[]';
  return http === 200 && (body.error_type === 'MEMBER_LOOKUP_FAILED' || isEmpty) ? null : 'it answered';
}

function notByThisKey(endpoint: Endpoint, answer: Answer): string | null {
  return endpoint.keys === undefined ? unauthorized(endpoint, answer) : notAMember(endpoint, answer);
}

function forOwners(endpoint: Endpoint): boolean {
  return asksOfGroup(endpoint) && 'NOT_OWNER' in endpoint.errors;
}

function notTheOwner(_: Endpoint, { body }: Answer): string | null {
  return body.error_type === 'NOT_OWNER' ? null : 'it answered';
}

function unauthorized(_: Endpoint, { http, body }: Answer): string | null {
  return http === 401 && body.error_type === 'UNAUTHORIZED' ? null : 'it answered';
}

function isAway(body: Record<string, unknown>): boolean {
  return body.error_type === 'UNAVAILABLE';
}

function leakIn({ victims }: Target, { text }: Answer, { who }: Intruder): string | null {
  const found = victims.secrets.find((secret) => text.includes(secret) && !who.phone.includes(secret));
  return found === undefined ? null : `it told "${found}":`;
}
