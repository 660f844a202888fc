import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import { type Db, row, transact } from '../../db/connect.ts';
import { signV3 } from '../../dev/simulator/signature.ts';
import { makeApiKey } from '../../engine/people/api-keys.ts';
import { openSession } from '../../engine/people/sessions.ts';

/** A system that is attacked over HTTP, and the people whose secrets are at stake. */
export type Target = Place & {
  /** Their group has a name, members, messages and an invite code that nobody else may learn or change. */
  victims: Group & { secrets: readonly string[]; removed: Person; left: Person };
  /** People who may use the system, and nothing of the victims'. */
  outsiders: Group;
  /** Calls an endpoint; `from` is the client's address, any of 127.0.0.0/8. */
  call(url: string, params: Record<string, unknown>, from?: string, bearer?: string): Promise<Answer>;
  /** Brings a text as the carrier does; answers the HTTP status. */
  text(from: string, to: string, text: string): Promise<number>;
};
export type Place = {
  url: string;
  authToken: string;
  db: Db;
  serviceNumber: string;
  pool: readonly string[];
  /** The texts that the carrier brought to a phone. */
  textsTo(phone: string): readonly { text: string }[];
};
export type Person = { name: string; phone: string; sid: string };
export type Group = { id: number; name: string; number: string; owner: Person; members: readonly Person[] };
export type Answer = { http: number; text: string; body: Record<string, unknown> };

/** Makes the people and their groups, through the API and by text. */
export async function openTarget(place: Place): Promise<Target> {
  const call: Target['call'] = (url, params, from, bearer) => post(`${place.url}${url}`, params, { from, bearer });
  const text: Target['text'] = (from, to, words) => bring(place, { From: from, To: to, Text: words });
  const victims = await makeGroup(
    place,
    { name: 'Rosewood Choir', names: ['Ada', 'Bruno', 'Clara', 'Dora', 'Emil'] },
    { call, text },
  );
  const outsiders = await makeGroup(place, { name: 'Outsiders', names: ['Otto', 'Olga'] }, { call, text });
  const [, , left, removed] = victims.members as [Person, Person, Person, Person];
  const { owner, number } = victims;
  const said = 'The key is under the blue stone';
  const steps: [string, Record<string, unknown>][] = [
    [
      '/group/set',
      {
        sid: owner.sid,
        number,
        description: 'Tenors wanted on Fridays',
        invite_code: `Rosewood-${randomUUID().slice(0, 8)}`,
      },
    ],
    ['/v1/hooks/create', { sid: owner.sid, number, url: 'https://rosewood.invalid/events' }],
    ['/message/send', { sid: owner.sid, number, message: said }],
    ['/message/schedule', { sid: owner.sid, number, message: 'Bring the green folders', when: '2099-01-01 10:00:00' }],
    ['/v1/keys/create', { sid: owner.sid, name: 'Rosewood archive', access: 'read' }],
    ['/member/bye', { sid: left.sid, group: number }],
    ['/member/remove', { sid: owner.sid, group: number, number: removed.phone }],
  ];
  for (const [url, params] of steps) await must(() => call(url, params), url);
  const secrets = [
    victims.name,
    said,
    'blue stone',
    'Tenors',
    'green folders',
    'Rosewood-',
    'rosewood.invalid',
    ...phonesOf(victims),
  ];
  return { ...place, call, text, outsiders, victims: { ...victims, secrets, left, removed } };
}

function phonesOf({ owner, members }: Group): string[] {
  return [owner, ...members].map(({ phone }) => phone.slice(2));
}

type Ways = Pick<Target, 'call' | 'text'>;

async function makeGroup(
  place: Place,
  { name, names }: { name: string; names: string[] },
  { call, text }: Ways,
): Promise<Group> {
  const people = names.map((one) => ({ name: one, phone: newPhone() }));
  const [creator, ...others] = people;
  if (creator === undefined) throw new Error('a group needs somebody');
  const pairs = others.flatMap((one, at) => [
    [`name_${at}`, one.name],
    [`number_${at}`, one.phone],
  ]);
  const made = await must(
    () =>
      call('/group/create', { group: name, name: creator.name, number: creator.phone, ...Object.fromEntries(pairs) }),
    '/group/create',
  );
  const number = String(made.number);
  if ((await text(creator.phone, number, 'YES')) !== 200) throw new Error('the YES was not taken');
  const withSids: Person[] = [];
  for (const one of people) withSids.push({ ...one, sid: await openSidOf(place.db, one.phone) });
  const group = await row<{ id: number }>(
    place.db,
    "SELECT g.id FROM `groups` g JOIN people p ON p.id = g.owner_id WHERE p.phone = ? AND g.state = 'active'",
    [creator.phone],
  );
  const [owner, ...members] = withSids;
  if (group === undefined || owner === undefined) throw new Error('the group is not there');
  return { id: group.id, name, number, owner, members };
}

/** On a machine that is too busy for the time of a request nothing was done, and the same is asked again. */
async function must(ask: () => Promise<Answer>, what: string): Promise<Record<string, unknown>> {
  const { body } = await ask();
  if (body.error_subtype === 'time') return must(ask, what);
  if (body.status !== 'OK') throw new Error(`${what} was refused: ${JSON.stringify(body)}`);
  return body;
}

let lastPhone = 0;

/** A phone that nobody has. */
export function newPhone(): string {
  lastPhone += 1;
  return `+1${415 + (process.pid % 3)}${String(2_000_000 + lastPhone)}`;
}

export async function openSidOf(db: Db, phone: string): Promise<string> {
  const person = await row<{ id: number }>(db, 'SELECT id FROM people WHERE phone = ?', [phone]);
  if (person === undefined) throw new Error('nobody has this phone');
  return transact(db, (tx) => openSession(tx, { personId: person.id, source: null, now: new Date() }));
}

export async function openKeyOf(db: Db, phone: string): Promise<{ id: number; key: string }> {
  const person = await row<{ id: number }>(db, 'SELECT id FROM people WHERE phone = ?', [phone]);
  if (person === undefined) throw new Error('nobody has this phone');
  return makeApiKey(db, { personId: person.id, groupId: null, access: 'send', name: 'Intruder', now: new Date() });
}

const agents = new Map<string, Agent>();

/** The connections that leave from an address of this machine. */
export function agentFrom(address: string): Agent {
  const known = agents.get(address);
  if (known !== undefined) return known;
  const agent = new Agent({ connect: { localAddress: address }, connections: 16 });
  agents.set(address, agent);
  return agent;
}

async function post(
  url: string,
  params: Record<string, unknown>,
  { from = '127.0.0.1', bearer }: { from?: string | undefined; bearer?: string | undefined },
): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
  };
  const answer = await request(url, {
    method: 'POST',
    headers,
    body: JSON.stringify(params),
    dispatcher: agentFrom(from),
  });
  return readAnswer(answer.statusCode, await answer.body.text());
}

/** The body is empty where it is no JSON object. */
export function readAnswer(http: number, text: string): Answer {
  try {
    const body: unknown = JSON.parse(text);
    return { http, text, body: typeof body === 'object' && body !== null ? { ...body } : {} };
  } catch {
    return { http, text, body: {} };
  }
}

/** A webhook as the carrier makes it. */
export function inboundOf(place: Pick<Place, 'url' | 'authToken'>, fields: Record<string, string>): Webhook {
  const url = `${place.url}/plivo/message`;
  const params = { Type: 'sms', MessageUUID: randomUUID(), Units: '1', ...fields };
  const nonce = String(Math.floor(Math.random() * 1e14));
  const signature = signV3({ url, params, token: place.authToken, nonce });
  return {
    url,
    uuid: params.MessageUUID,
    body: new URLSearchParams(params).toString(),
    headers: { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': nonce },
  };
}
export type Webhook = { url: string; uuid: string; body: string; headers: Record<string, string> };

export async function send(
  { url, body, headers }: Omit<Webhook, 'uuid'>,
  method: 'POST' | 'GET' = 'POST',
): Promise<number> {
  const answer = await request(url, {
    method,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: method === 'POST' ? body : null,
    dispatcher: agentFrom('127.0.0.1'),
  });
  await answer.body.dump();
  return answer.statusCode;
}

function bring(place: Place, { From = '', To = '', Text = '' }: Record<string, string>): Promise<number> {
  return send(inboundOf(place, { From: From.slice(1), To: To.slice(1), Text }));
}
