import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Asked } from './arguments.ts';
import { makeFree } from './grant.ts';
import { type Crowd, createForm, gatherPeople, type Person } from './people.ts';
import type { Result } from './result.ts';
import { showProgress } from './show.ts';
import { type Arrived, openSystem, type System } from './system.ts';
import { openTally } from './tally.ts';

/** Milliseconds between two looks at the handsets. */
const lookMs = 150;
/** Milliseconds for which a second copy of something may still come. */
const lingerMs = 1_000;

const sayings = [
  'Running late',
  'Pizza at seven?',
  'See you there',
  'Who brings the ball?',
  'On my way',
  'Good morning',
];

/** Creates and activates the groups, lets random members text, and waits until everybody has everything. */
export async function runDemo(
  options: Asked & { api: string; simulator: string; mysqlUrl: string | null },
): Promise<Result> {
  const run = randomBytes(3).toString('hex');
  const system = openSystem({ ...options, connections: options.concurrency });
  const progress = showProgress(options.json);
  const tally = openTally(run);
  const crowds = gatherPeople({ ...options, run });
  const desk = openDesk(crowds);
  const remarks = new Set<string>();
  let isTexting = false;
  const look = lookAtHandsets(system, await system.countTexts(), (text) => {
    desk.arrived(text);
    if (!tally.arrived(text) && desk.knows(text.to) && isTexting) remarks.add(text.text);
  });
  try {
    progress('creating groups');
    await inParallel(crowds, 4, (crowd) => system.createGroup(createForm(crowd)));
    if (options.mysqlUrl !== null)
      await makeFree(
        options.mysqlUrl,
        crowds.map(({ creator }) => creator.phone),
      );
    await look.until(() => desk.asked() === crowds.length, options.timeout, 'the text that asks the creator for YES');
    await inParallel(crowds, 4, ({ creator }) => say(system, creator, 'YES'));
    progress('waiting for the welcome texts');
    await look.until(() => desk.isEverybodyIn(), options.timeout, 'the welcome texts');

    isTexting = true;
    let [taken, refused] = [0, 0];
    const turns = chooseSenders(crowds, options.messages);
    const sending = inParallel(turns, options.concurrency, async ({ crowd, sender }, at) => {
      tally.going(at, crowd, sender);
      const status = await say(system, sender, `${sayings[at % sayings.length]} ${tally.markOf(at)}`);
      if (status >= 200 && status < 300) {
        taken += 1;
        tally.taken(at);
      } else refused += 1;
    });
    const tell = setInterval(() => {
      const { delivered, expected } = tally.counts();
      progress(`${taken} of ${turns.length} texts taken, ${delivered} of ${expected} deliveries made`);
    }, 500);
    try {
      await sending;
      await look.until(() => tally.counts().missing === 0, options.timeout);
    } finally {
      clearInterval(tell);
    }
    await pause(lingerMs);
    await look.once();

    const [times, span] = [tally.timesToLast(), tally.span()];
    const counts = tally.counts();
    return {
      groups: options.groups,
      members: options.members,
      texts: taken,
      refused,
      ...counts,
      timeToLastMs: { median: share(times, 0.5), p99: share(times, 0.99), worst: times.at(-1) ?? 0 },
      deliveriesPerSecond: Math.round((counts.delivered * 1000) / span),
      seconds: span / 1000,
      remarks: [...remarks].slice(0, 5),
    };
  } finally {
    progress('');
    await system.close();
  }
}

async function say(system: System, { phone, number }: Person, text: string): Promise<number> {
  if (number === undefined) throw new Error(`${phone} has not heard from its group`);
  return system.text({ from: phone, to: number, text });
}

/** Knows who has heard what before the texting starts, and through which number. */
function openDesk(crowds: Crowd[]) {
  const people = new Map<string, Person>();
  const heard = new Map<string, number>();
  for (const { creator, others } of crowds) for (const person of [creator, ...others]) people.set(person.phone, person);
  return {
    arrived({ to, from }: Arrived): void {
      const person = people.get(to);
      if (!person) return;
      person.number ??= from;
      heard.set(to, (heard.get(to) ?? 0) + 1);
    },
    knows: (phone: string): boolean => people.has(phone),
    asked: (): number => crowds.filter(({ creator }) => creator.number !== undefined).length,
    /** The creator hears twice: the question, and that the group is on. */
    isEverybodyIn: (): boolean =>
      heard.size === people.size && crowds.every(({ creator }) => (heard.get(creator.phone) ?? 0) >= 2),
  };
}

function lookAtHandsets(system: System, from: number, take: (text: Arrived) => void) {
  let seen = from;
  async function once(): Promise<void> {
    let page = await system.textsAfter(seen);
    for (; page.texts.length > 0; page = await system.textsAfter(seen)) {
      page.texts.forEach(take);
      seen = page.next;
    }
  }
  return {
    once,
    /** Looks until it is so. After the time limit: an error that names what is awaited, or, unnamed, just an end. */
    async until(isSo: () => boolean, seconds: number, awaited?: string): Promise<void> {
      const end = Date.now() + seconds * 1000;
      for (await once(); !isSo(); await once()) {
        if (Date.now() < end) await pause(lookMs);
        else if (awaited === undefined) return;
        else throw new Error(`${awaited} did not come in ${seconds} s`);
      }
    },
  };
}

/** Random members, each of them about equally often: nobody texts so much that the service takes them for a machine. */
function chooseSenders(crowds: Crowd[], messages: number): { crowd: Crowd; sender: Person }[] {
  const everybody = crowds.flatMap((crowd) => [crowd.creator, ...crowd.others].map((sender) => ({ crowd, sender })));
  const turns: typeof everybody = [];
  while (turns.length < messages) turns.push(...everybody.toSorted(() => Math.random() - 0.5));
  return turns.slice(0, messages);
}

async function inParallel<T>(
  items: T[],
  atOnce: number,
  work: (item: T, at: number) => Promise<unknown>,
): Promise<void> {
  const rest = items.entries();
  async function goOn(): Promise<void> {
    for (const [at, item] of rest) await work(item, at);
  }
  await Promise.all(Array.from({ length: atOnce }, goOn));
}

function share(ascending: number[], part: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? 0;
}
