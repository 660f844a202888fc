/** The programs and commands of the guide and of the tasks. A test runs each as it stands. */

/** In their order, after `npm start`; NUMBER, PIN and SID are what the steps before have shown. */
export const commands = {
  create: `curl http://localhost:3000/group/create -H 'Content-Type: application/json' -d '
  {"group": "Hikers", "name": "Ann", "number": "+14445556666", "send_pin": 1,
   "members": [{"name": "Bob", "number": "+14445558888"}]}'`,
  logIn: `curl http://localhost:3000/member/login -H 'Content-Type: application/json' -d '
  {"number": "+14445556666", "pin": "PIN"}'`,
  send: `curl http://localhost:3000/message/send -H 'Authorization: Bearer SID' -H 'Content-Type: application/json' -d '
  {"number": "NUMBER", "message": "Lunch at noon?"}'`,
};

export const programs = {
  guide: `import { createInterface } from 'node:readline/promises';
import { createClient } from 'group-texting/client';

const api = createClient({ url: process.env.API_URL ?? 'http://localhost:3000' });
const ann = '+14445556666';

const made = await api.createGroup({
  group: 'Hikers',
  name: 'Ann',
  number: ann,
  send_pin: 1,
  members: [{ name: 'Bob', number: '+14445558888' }],
});
if (made.status === 'ERROR') throw new Error(made.message);

// Ann's phone has a text with a PIN now. She answers YES, which turns the group on.
const terminal = createInterface({ input: process.stdin, output: process.stdout });
const session = await api.logIn({ number: ann, pin: await terminal.question('PIN? ') });
terminal.close();
if (session.status === 'ERROR') throw new Error(session.message);

const sent = await api.withToken(session.sid).sendMessage({ number: made.number, message: 'Lunch at noon?' });
console.log(sent.status === 'OK' ? \`Sent as message \${sent.message_id}\` : sent.message);
`,
  form: `import { createClient } from 'group-texting/client';

const api = createClient({ url: process.env.API_URL ?? 'http://localhost:3000' });

/** What a sign-up form sends; returns what to show below it. */
async function signUp(form: { group: string; name: string; phone: string; friend: string; friendsPhone: string }) {
  const made = await api.createGroup({
    group: form.group,
    name: form.name,
    number: form.phone,
    members: [{ name: form.friend, number: form.friendsPhone }],
    source: 'sign-up form',
  });
  if (made.status === 'OK') return \`Answer YES to the text from \${made.number}.\`;
  switch (made.error_type) {
    case 'INVALID_NUMBER':
      return \`\${made.error_subtype} is no phone number.\`;
    case 'TOO_MANY_PENDING_GROUPS':
      return 'You have groups that wait for your YES already.';
    default:
      return made.message;
  }
}

console.log(await signUp({ group: 'Rowers', name: 'Eve', phone: '+14445550101', friend: 'Fay', friendsPhone: '+14445550102' }));
`,
  bot: `import { createClient } from 'group-texting/client';

// A key that may send, from /v1/keys/create: the bot needs no login, and reaches the groups of its owner.
const api = createClient({ url: process.env.API_URL ?? 'http://localhost:3000', token: process.env.TOKEN });

// Keep the cursor with what you have done, and give it back after a restart: nothing is missed, nothing comes twice.
for await (const { event } of api.events({ cursor: process.env.CURSOR })) {
  if (event.type !== 'message.accepted' || event.group === undefined) continue;
  if (event.message?.mine === 1 || !/\\bhours\\b/i.test(event.message?.txt ?? '')) continue;
  const sent = await api.sendMessage({ number: event.group, message: 'We are open from 9 to 5.' });
  if (sent.status === 'ERROR') console.error(sent.message);
}
`,
  inbox: `import { createClient } from 'group-texting/client';

const api = createClient({ url: process.env.API_URL ?? 'http://localhost:3000', token: process.env.TOKEN });

/** The groups by number: what each is called, and the last message that was shown. */
const inbox = new Map<string, { name: string; last: number }>();

async function readGroups() {
  const mine = await api.getMyGroups();
  if (mine.status === 'ERROR') throw new Error(mine.message);
  for (const { number, name } of mine.groups) {
    const known = inbox.get(number);
    inbox.set(number, { name, last: known?.last ?? 0 });
    if (known !== undefined) continue;
    const read = await api.getMessages({ number });
    if (read.status === 'OK') for (const message of read.messages) show(number, message);
  }
}

/** What was read and comes as an event too is shown once: ids of a group only go up. */
function show(number: string, { id, txt, media = [] }: { id: number; txt: string; media?: readonly string[] }) {
  const group = inbox.get(number);
  if (group === undefined || id <= group.last) return;
  group.last = id;
  console.log([\`\${group.name} \${id} | \${txt}\`, ...media].join(' '));
}

// Where now is comes first, and then what there is already: so nothing is left out in between.
const now = await api.getEvents();
if (now.status === 'ERROR') throw new Error(now.message);
await readGroups();
console.log(\`Listening to \${inbox.size} groups\`);

// The client goes on by its cursor where the connection breaks.
for await (const { event } of api.events({ cursor: now.cursor })) {
  const { group: number = '', message, message_id, counts, member } = event;
  // A new group, or one with another name.
  if (!inbox.has(number) || event.type === 'group.changed') await readGroups();
  const name = inbox.get(number)?.name ?? number;
  switch (event.type) {
    case 'message.accepted':
      if (message !== undefined) show(number, message);
      break;
    case 'message.delivery':
      console.log(\`\${name} \${message_id} | \${counts?.delivered} have it, \${counts?.failed} do not get it\`);
      break;
    case 'member.joined':
    case 'member.left':
    case 'member.removed':
      console.log(\`\${name} | \${member?.name || member?.number || 'somebody'} \${event.type.slice('member.'.length)}\`);
      break;
    case 'group.gone':
      inbox.delete(number);
      break;
  }
}
`,
  announcement: `import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'group-texting/client';

const api = createClient({ url: process.env.API_URL ?? 'http://localhost:3000', token: process.env.TOKEN });
const number = process.env.GROUP ?? '';

const before = await api.sendMessage({ number, message: 'Practice moves to 6 pm', preview: 1 });
if (before.status === 'ERROR') throw new Error(before.message);
console.log(\`\${before.recipients} people for \${before.cost} cents\`);

const sent = await api.sendMessage({ number, message: 'Practice moves to 6 pm' });
if (sent.status === 'ERROR' || sent.message_id === undefined) throw new Error('It was not sent');

for (;;) {
  const state = await api.getMessageState({ number, message_id: sent.message_id });
  if (state.status === 'ERROR') throw new Error(state.message);
  const { counts, recipients = [] } = state;
  if (counts !== undefined && counts.waiting + counts.sent === 0) {
    console.log(\`Delivered to \${counts.delivered}\`);
    for (const { name, state, reason } of recipients) if (state !== 'delivered') console.log(\`\${name}: \${reason ?? state}\`);
    break;
  }
  await sleep(500);
}
`,
};
