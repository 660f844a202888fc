import { endpoints } from '../../../api/endpoints/index.ts';
import { row } from '../../../db/connect.ts';
import type { Attack } from '../attack.ts';
import { eachOf } from '../each.ts';
import { snapshotOf } from '../snapshot.ts';
import { type Answer, openSidOf, type Target } from '../target.ts';
import { valuesFor } from '../values.ts';

/** Values that mean something to SQL, Redis, Lua, JavaScript, a shell, a log or a careless comparison. */
const payloads: readonly unknown[] = [
  "' OR '1'='1",
  "' OR 1=1 -- ",
  "'; DROP TABLE people; -- ",
  '" OR ""="',
  '\\',
  "\\' OR 1=1 #",
  "1' UNION SELECT sid_hash, person_id, 1 FROM sessions -- ",
  '1 AND SLEEP(5)',
  "'||(SELECT password_hash FROM people LIMIT 1)||'",
  '0x50',
  '1e9',
  '0',
  '-1',
  '9223372036854775808',
  'NaN',
  'undefined',
  '[object Object]',
  '{"$gt":""}',
  '__proto__',
  'constructor',
  '#{7*7}',
  '{{7*7}}',
  '$(id)',
  '../../etc/passwd',
  'http://127.0.0.1:6379/',
  '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n',
  "redis.call('FLUSHALL')",
  'a\r\nX-Injected: yes',
  '{"level":60,"msg":"fake"}\n{"level":60}',
  '<script>alert(1)</script>',
  '%s%s%s%n',
  '%00',
  'a\u0000b',
  '\u202eevil',
  '\ud800',
  '👩‍👩‍👧‍👦'.repeat(40),
  'é\u0301'.repeat(200),
  'ﬀ'.repeat(31),
  'x'.repeat(5_000),
  '(((((((((((((((((((((((((((((',
  '+-><()~*"@',
  0,
  -1,
  1.5,
  true,
  false,
  null,
  [],
  ['a', 'b'],
  {},
  { $ne: '' },
  { toString: 'x' },
];

export const injection: Attack = {
  name: 'injection',
  does: 'values that mean something to SQL, Redis or JavaScript, in every parameter of every call',
  async run(target, { random, runs, note }) {
    const { outsiders, victims } = target;
    const before = await snapshotOf(target);
    const broken: string[] = [];
    const tries = endpoints.flatMap((endpoint) => {
      // Right values where this call goes for a group that is the caller's own; so the bad one is what counts.
      const right = valuesFor(endpoint, { by: outsiders.owner, group: outsiders, other: outsiders.owner });
      return ['sid', ...Object.keys(right)].flatMap((name) =>
        (runs === 'many' ? payloads : [random.pick(payloads), random.pick(payloads)]).map((payload) => ({
          url: endpoint.url,
          right,
          name,
          payload,
        })),
      );
    });
    await eachOf(tries, AT_ONCE, async ({ url, right, name, payload }) => {
      // Each has a session of its own: some of the calls end others.
      const sid = name === 'sid' ? payload : await openSidOf(target.db, outsiders.owner.phone);
      const began = performance.now();
      const answer = await target.call(url, { ...right, sid, [name]: payload });
      const wrong = judge(target, answer, performance.now() - began);
      if (wrong !== null)
        broken.push(
          `${url} ${name}=${JSON.stringify(payload).slice(0, 60)}: ${wrong}, ${answer.http} ${answer.text.slice(0, 200)}`,
        );
    });
    note(`${tries.length} payloads`);
    if ((await snapshotOf(target)) !== before) broken.push('somebody else’s group has changed');
    const people = await row<{ count: number }>(target.db, 'SELECT COUNT(*) AS count FROM people WHERE phone = ?', [
      victims.owner.phone,
    ]);
    if (people?.count !== 1) broken.push('people are gone');
    return broken;
  },
};

const AT_ONCE = 8;
/** Nobody waits for a SLEEP, and a busy machine is still faster than that. */
const SLEPT_MS = 4_500;

function judge({ victims }: Target, { http, text, body }: Answer, ms: number): string | null {
  if (typeof body.status !== 'string') return 'no JSON';
  if (http >= 500 && body.error_type !== 'UNAVAILABLE') return 'it broke';
  if (ms > SLEPT_MS) return `it slept for ${Math.round(ms)} ms`;
  const secret = victims.secrets.find((one) => text.includes(one));
  return secret === undefined ? null : `it told "${secret}"`;
}
