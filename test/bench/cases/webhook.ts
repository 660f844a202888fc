import { type Case, type Contestant, RATE } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { shareOf } from '../spread.ts';
import { BROADCASTS_AT_ONCE } from './backlog.ts';
import { saysInTurn } from './whole-path.ts';

const BACKLOG = 100_000;
const BROADCAST = 10_000;
const EVERY_MS = 10;
/** Webhooks in one go; while a backlog drains, one go follows the other. */
const PROBES = 200;
const P99 = 'ms, p99';

/** How long the carrier waits for the answer to a text, at rest and while a backlog goes out. */
export const webhook: Case = {
  name: 'webhook',
  reporting: 'none',
  title: `Answer to a webhook, one every ${EVERY_MS} ms; at rest, and while ${BACKLOG.toLocaleString('en-US')} deliveries drain`,
  mostRounds: 5,
  async prepare(fixture, { share }) {
    const pairs = await makeGroups(fixture.db, { groups: 10, members: 2 });
    const texts = Math.max(1, Math.round((BACKLOG * share) / BROADCAST));
    const crowds = await makeGroups(fixture.db, { groups: texts, members: BROADCAST });
    return [idle(fixture, pairs), draining(fixture, { pairs, crowds })];
  },
  ratios: [{ name: 'p99 draining ÷ idle', over: ['draining', P99], under: ['idle', P99] }],
};

function idle(fixture: Fixture, pairs: readonly Group[]): Contestant {
  const probe = saysInTurn(pairs);
  return {
    name: 'idle',
    async round() {
      await fixture.outcomes.quiet();
      const answers: number[] = [];
      for (let go = 0; go < 3; go++) answers.push(...(await ask(fixture, probe)));
      return figuresOf(answers);
    },
  };
}

function draining(
  fixture: Fixture,
  { pairs, crowds }: { pairs: readonly Group[]; crowds: readonly Group[] },
): Contestant {
  const probe = saysInTurn(pairs);
  const broadcast = saysInTurn(crowds);
  return {
    name: 'draining',
    async round() {
      await fixture.outcomes.quiet();
      const { taken } = await fixture.outcomes.begin();
      const expected = crowds.length * (BROADCAST - 1);
      const start = performance.now();
      await fixture.poster.send('text', { inbound: broadcast(crowds.length) }, { atOnce: BROADCASTS_AT_ONCE });
      const drained = fixture.outcomes.taken(taken + expected).then(() => performance.now() - start);
      const answers: number[] = [];
      let isDrained = false;
      drained.then(
        () => (isDrained = true),
        () => (isDrained = true),
      );
      while (!isDrained) answers.push(...(await ask(fixture, probe)));
      return { ...figuresOf(answers), [RATE]: (expected * 1000) / (await drained) };
    },
  };
}

async function ask(fixture: Fixture, probe: ReturnType<typeof saysInTurn>): Promise<number[]> {
  const { answersMs } = await fixture.poster.send('text', { inbound: probe(PROBES) }, { everyMs: EVERY_MS });
  return answersMs;
}

function figuresOf(answers: readonly number[]): Figures {
  const sorted = answers.toSorted((a, b) => a - b);
  return { 'ms, median': shareOf(sorted, 0.5), [P99]: shareOf(sorted, 0.99), webhooks: sorted.length };
}
