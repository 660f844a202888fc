import { setTimeout as sleep } from 'node:timers/promises';
import type { Simulator } from '../../dev/simulator/types.ts';
import type { Random } from './random.ts';

export const GUEST = 'Guest';

/** One member of each group who comes and goes while the others text, and whom no text may reach while they are out. */
export type Guest = { phone: string; sid: string; group: { id: number; number: string; ownerSid: string } };

export type Guests = {
  /** They come and go at random moments until it is stopped. */
  start(fixture: Doors, random: Random): { stop(): Promise<void> };
  /** Meanwhile none does anything of their own. */
  hold(work: () => Promise<void>): Promise<void>;
  /** All go, or all are back, each in a way of their own. To be called while they are held. */
  drive(fixture: Doors, to: Where, random: Random): Promise<void>;
  /** MySQL may have forgotten what they did since. */
  doubtSince(at: number): void;
  /** For certain a guest of another group, or one who was out for all of this time. */
  wasOut(phone: string, group: number, from: number, until: number): boolean;
  /** As `wasOut`, and not by a block: that is no part of a roster of the past, which is drawn anew where its copy is lost. */
  wasNoMember(phone: string, group: number, from: number, until: number): boolean;
};
/** The ways in which a guest reaches the engine. */
type Doors = { api: string; simulator: Simulator };
type Where = 'in' | 'out';

const PAUSE_MS: [number, number] = [200, 1_000];

export function openGuests(all: readonly Guest[]): Guests {
  const known = new Map(all.map((guest) => [guest.phone, stateOf(guest)]));
  const states = [...known.values()];
  let held = false;
  let current: Promise<void> = Promise.resolve();

  async function move(fixture: Doors, state: State, { to, random, until = () => false }: Move): Promise<void> {
    if (to === 'out') state.away ??= random.pick(ways);
    state.history.push({ at: Date.now(), is: 'moving' });
    const steps = state.away === null ? ways : [state.away];
    for (const way of steps) {
      while (!until() && !(await way[to](fixture, state.guest).catch(() => false))) await sleep(AGAIN_MS);
    }
    if (until()) return;
    state.history.push({ at: Date.now(), is: to, isBlocked: state.away?.isBlock ?? false });
    if (to === 'in') state.away = null;
  }

  return {
    start(fixture, random) {
      let stopped = false;
      const until = () => stopped || held;
      async function goOn(): Promise<void> {
        while (!stopped) {
          await sleep(random.between(...PAUSE_MS));
          const state = random.pick(states);
          if (until()) continue;
          current = move(fixture, state, { to: targetOf(state), random, until });
          await current;
        }
      }
      const going = goOn();
      return {
        async stop() {
          stopped = true;
          await going;
        },
      };
    },
    async hold(work) {
      held = true;
      await current;
      await work().finally(() => {
        held = false;
      });
    },
    async drive(fixture, to, random) {
      const others = states.filter((state) => lastOf(state) !== to);
      await Promise.all(others.map((state) => move(fixture, state, { to, random })));
    },
    doubtSince(at) {
      for (const state of states) {
        state.history = [...state.history.filter((one) => one.at < at), { at, is: 'moving' }];
        state.away = null;
      }
    },
    wasOut: (...at) => was(...at, ({ is }) => is === 'out'),
    wasNoMember: (...at) => was(...at, ({ is, isBlocked }) => is === 'out' && !isBlocked),
  };

  function was(phone: string, group: number, from: number, until: number, what: (moment: Moment) => boolean): boolean {
    const state = known.get(phone);
    if (state === undefined || state.guest.group.id !== group) return true;
    const before = state.history.findLast(({ at }) => at <= from);
    const since = state.history.filter(({ at }) => at > from && at <= until);
    return before !== undefined && what(before) && since.every(what);
  }
}

type Moment = { at: number; is: Where | 'moving'; isBlocked?: boolean };
type State = { guest: Guest; history: Moment[]; away: Way | null };
type Move = { to: Where; random: Random; until?: () => boolean };
const AGAIN_MS = 300;

function stateOf(guest: Guest): State {
  return { guest, history: [{ at: 0, is: 'in' }], away: null };
}

function lastOf({ history }: State): Where | 'moving' {
  return history.at(-1)?.is ?? 'in';
}

/** Who was on the way out goes on; of whom nothing is known comes back. */
function targetOf(state: State): Where {
  const is = lastOf(state);
  if (is === 'moving') return state.away === null ? 'in' : 'out';
  return is === 'in' ? 'out' : 'in';
}

type Way = Record<Where, (fixture: Doors, guest: Guest) => Promise<boolean>> & { isBlock?: boolean };

/** Each says whether it has happened; done twice, it has as well. */
const ways: readonly Way[] = [
  {
    isBlock: true,
    out: (fixture, guest) => text(fixture, guest, 'STOP'),
    in: (fixture, guest) => text(fixture, guest, 'START'),
  },
  {
    out: (fixture, { phone, group }) =>
      call(fixture, '/member/remove', { ...ownerOf(group), number: phone }, 'NOT_FOUND'),
    in: (fixture, { phone, group }) =>
      call(fixture, '/member/add', { ...ownerOf(group), name: GUEST, number: phone }, 'DUP_NUMBER'),
  },
  {
    out: (fixture, { sid, group }) => call(fixture, '/member/bye', { sid, group: group.number }),
    in: (fixture, { sid, group }) => call(fixture, '/member/hi', { sid, group: group.number }),
  },
];

function ownerOf({ number, ownerSid }: Guest['group']): Record<string, string> {
  return { sid: ownerSid, group: number };
}

async function text({ simulator }: Doors, { phone, group }: Guest, word: string): Promise<boolean> {
  return (await simulator.text({ from: phone, to: group.number, text: word })).status === 200;
}

async function call({ api }: Doors, url: string, fields: Record<string, string>, done?: string): Promise<boolean> {
  const body = new URLSearchParams(fields);
  const answer = await fetch(api + url, { method: 'POST', body, signal: AbortSignal.timeout(25_000) });
  const { status, error_type: error } = (await answer.json()) as { status?: string; error_type?: string };
  return status === 'OK' || (done !== undefined && error === done);
}
