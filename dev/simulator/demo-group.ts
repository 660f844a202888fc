import type { Clock } from './clock.ts';
import type { Events } from './events.ts';
import type { Handsets } from './handsets.ts';
import type { Heard, Said } from './inbound.ts';
import type { Watch } from './watch.ts';

export type DemoGroup = { group: string; number: string };
export class DemoFailed extends Error {
  override name = 'DemoFailed';
}

const people = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin'].map((name, at) => ({ name, phone: `+1212555010${at + 1}` }));

/** Long enough to read "reply YES" before it is replied; the time scale shortens it in tests. */
const readingMs = 1_500;

/**
 * Sets up five handsets and a group of them through the engine's own API, as an app would, and lets Alice answer
 * YES to the text that asks her. Resolves once the group exists; the rest is told as `demo` events.
 */
export function openDemoGroups(options: {
  webhookBase: string;
  handsets: Handsets;
  events: Events;
  watch: Watch;
  clock: Clock;
  timeScale: number;
  say: (said: Said) => Promise<Heard>;
}) {
  const { handsets, events, watch, clock } = options;
  const [creator] = people;

  function tell(step: string, message: string): void {
    events.publish('handsets', 'demo', { step, message });
  }

  async function activate({ group, number }: DemoGroup, phone: string, after: number): Promise<void> {
    tell('created', `“${group}” has the number ${number}. Alice is asked to reply YES …`);
    await watch.waitForTexts({ to: phone, from: number }, { timeoutMs: 20_000, after });
    if (!(await clock.wait(readingMs * options.timeScale))) return;
    tell('answered', 'Alice replies YES; everybody gets a welcome text.');
    await options.say({ from: phone, to: number, text: 'YES' });
    tell('ready', `“${group}” is on. Type a text on any handset: the other four get it.`);
  }

  return async (after: number): Promise<DemoGroup> => {
    if (!creator) throw new DemoFailed('nobody to make a group of');
    for (const person of people) {
      if (!handsets.add(person)) throw new DemoFailed('there are too many handsets already; remove some first');
    }
    const earlier = handsets.snapshot().numbers.filter(({ label }) => label.startsWith('Demo group')).length;
    const group = earlier === 0 ? 'Demo group' : `Demo group ${earlier + 1}`;
    tell('creating', `Creating “${group}” …`);
    const number = await createGroup(options.webhookBase, group);
    handsets.learn(number, group);
    activate({ group, number }, creator.phone, after).catch((error: Error) => tell('failed', error.message));
    return { group, number };
  };
}

async function createGroup(webhookBase: string, group: string): Promise<string> {
  const [creator, ...others] = people;
  const form = new URLSearchParams({ group, name: creator?.name ?? '', number: creator?.phone ?? '' });
  others.forEach(({ name, phone }, at) => {
    form.set(`name_${at}`, name);
    form.set(`number_${at}`, phone);
  });
  const answer = await fetch(`${webhookBase}/group/create`, {
    method: 'POST',
    body: form,
    signal: AbortSignal.timeout(10_000),
  }).catch((cause) => {
    throw new DemoFailed(`The engine does not answer at ${webhookBase}; is it running?`, { cause });
  });
  const said = (await answer.json().catch(() => ({}))) as { number?: string; error_type?: string };
  if (said.number === undefined) {
    throw new DemoFailed(`The engine did not create the group: ${said.error_type ?? `HTTP ${answer.status}`}`);
  }
  return said.number;
}
