import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { rows } from '../../../db/connect.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';
import { killOften } from '../kill-often.ts';
import type { Random } from '../random.ts';

const SENDS = 1_000;
/** Of each send: the first ones are cut off, the last one insists on its answer. */
const TRIES = 3;
const AT_ONCE = 20;
/** A client is gone so long after it has sent its call: before, in or after the transaction. */
const CUT_WITHIN_MS = 60;
const PATIENCE_MS = 120_000;
/** Small groups: it is the sends that are meant, not the texts. */
const MEMBERS = 10;

/** What a storm of repeats leaves: each send once, whatever ended its clients and the processes that they asked. */
export const retryFaults: readonly Fault[] = [
  {
    name: 'retry-storm',
    does: `${SENDS} sends, each made ${TRIES} times with its idempotency_key by clients that are cut off in mid-call, while web and fanout processes are killed`,
    times: 1,
    unavailable: 'web',
    strike: (fixture, random, _mend, note) => storm(fixture, { random, note, together: false }),
  },
  {
    name: 'retry-storm-two-webs',
    does: `the same, each send made ${TRIES} times at once at two web processes, of which one is killed now and then`,
    times: 1,
    unavailable: 'web',
    needs: 'webs',
    strike: (fixture, random, _mend, note) => storm(fixture, { random, note, together: true }),
  },
];

type Storm = { random: Random; note: (line: string) => void; together: boolean };

async function storm(fixture: Fixture, { random, note, together }: Storm): Promise<void> {
  const name = `Storm ${Date.now()}`;
  const sends = sendsOf(fixture, name);
  const answered = new Map<string, Set<number>>();
  let cut = 0;
  let next = 0;

  /** A client that is gone before it knows what became of its call. */
  async function tryOnce(send: Send): Promise<void> {
    const withinMs = random.between(0, CUT_WITHIN_MS);
    const messageId = await post(fixture.api, send, withinMs);
    if (messageId === null) cut += 1;
    else hear(send, messageId);
  }
  async function insist(send: Send): Promise<void> {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(random.between(100, 500))) {
      const messageId = await post(fixture.api, send, PATIENCE_MS);
      if (messageId !== null) return hear(send, messageId);
    }
    throw new Error(`"${send.message}" got no answer in ${PATIENCE_MS / 1_000} s`);
  }
  function hear({ message }: Send, messageId: number): void {
    answered.set(message, (answered.get(message) ?? new Set()).add(messageId));
  }
  async function work(): Promise<void> {
    for (let send = sends[next++]; send !== undefined; send = sends[next++]) {
      const tries = Array.from({ length: TRIES }, (_, at) => (at < TRIES - 1 ? tryOnce : insist));
      if (together) await Promise.all(tries.map((make) => make(send)));
      else for (const make of tries) await make(send);
    }
  }

  const killing = killOften(fixture, random, {
    types: ['web', 'web', 'fanout'],
    isOver: () => next >= sends.length,
  });
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const kills = await killing;
  note(`${cut} of ${SENDS * TRIES} calls got no answer; ${kills} processes were killed`);
  const wrong = await findWrong(fixture, { name, answered });
  if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n    '));
}

type Send = { sid: string; number: string; message: string; idempotency_key: string };

function sendsOf({ groups }: Fixture, name: string): Send[] {
  const small = groups.filter(({ phones }) => phones.length <= MEMBERS);
  const some = small.length > 0 ? small : groups;
  return Array.from({ length: SENDS }, (_, at) => {
    const { sid = '', number = '' } = some[at % some.length] ?? {};
    const message = `${name}, send ${at}`;
    return { sid, number, message, idempotency_key: message };
  });
}

/** Makes a call on a connection of its own, and returns the id of the message; null where no such answer came in time. */
function post(api: string, send: Send, withinMs: number): Promise<number | null> {
  const body = JSON.stringify(send);
  return new Promise((resolve, reject) => {
    const asking = request(
      `${api}/message/send`,
      { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          if (answer.statusCode !== 200) return end(null);
          try {
            end(idIn(Buffer.concat(parts).toString('utf8')));
          } catch (error) {
            reject(error);
          }
        });
        answer.on('error', () => end(null));
      },
    );
    function end(messageId: number | null): void {
      clearTimeout(cut);
      resolve(messageId);
    }
    asking.on('error', () => end(null));
    asking.end(body);
    const cut = setTimeout(() => {
      asking.destroy();
      end(null);
    }, withinMs);
  });
}

function idIn(answer: string): number | null {
  const { status, message_id: id } = JSON.parse(answer) as { status: string; message_id?: number };
  if (status !== 'OK' || id === undefined) throw new Error(`a send was answered ${answer}`);
  return id;
}

/** Each send is one message, and all its answers named that one. */
async function findWrong(
  { db }: Fixture,
  { name, answered }: { name: string; answered: ReadonlyMap<string, ReadonlySet<number>> },
): Promise<string[]> {
  const kept = await rows<{ text: string; id: number }>(
    db,
    "SELECT text, message_id AS id FROM messages WHERE kind = 'said' AND text LIKE ?",
    [`%${name}, send %`],
  );
  const ids = new Map<string, number[]>();
  for (const { text, id } of kept) {
    const message = text.slice(text.indexOf(name));
    ids.set(message, [...(ids.get(message) ?? []), id]);
  }
  return [
    ...(kept.length === SENDS ? [] : [`${SENDS} sends became ${kept.length} messages`]),
    ...[...answered]
      .filter(([message, told]) => String([...told]) !== String(ids.get(message) ?? []))
      .map(
        ([message, told]) => `"${message}" was answered as ${[...told]} and is kept as ${ids.get(message) ?? 'none'}`,
      ),
  ];
}
