import type { Sql } from '../../db/connect.ts';
import { requeueFailed } from '../../engine/delivery/requeue-failed.ts';
import { setPaused } from '../../engine/groups/operators.ts';
import { readId } from '../../engine/rules/ids.ts';
import { blockPerson } from '../../engine/usecases/operating/block-person.ts';
import {
  findHoldable,
  type Holdable,
  pauseSending,
  resumeSending,
} from '../../engine/usecases/operating/hold-sending.ts';

/** What a button does: `of` is what its form names, `act` and `words` are those of the command that does the same. */
export type Change = {
  act: string;
  words(of: string): string[];
  button: string;
  asks: string;
  isReasonNeeded?: true;
  isGrave?: true;
  /** False where it is so already, or nothing has that name. */
  run(sql: Sql, how: { of: string; reason: string | null; now: Date }): Promise<boolean>;
  /** The page that shows what came of it. */
  backTo(of: string): string;
};

export type ChangeName =
  | `${'pause' | 'resume'}-${Holdable['kind']}`
  | `${'suspend' | 'resume'}-group`
  | `${'block' | 'unblock'}-person`
  | 'requeue-message';

/** The acts of the console that need the role `operate`, beside stopping a message; a new one is a row. */
export const changes: Readonly<Record<ChangeName, Change>> = {
  'pause-carrier': pausing('carrier', 'all texts through this carrier'),
  'resume-carrier': resuming('carrier', 'all texts through this carrier'),
  'pause-number': pausing('number', 'the texts of this number'),
  'resume-number': resuming('number', 'the texts of this number'),
  'pause-campaign': pausing('campaign', 'the texts of this campaign'),
  'resume-campaign': resuming('campaign', 'the texts of this campaign'),
  'suspend-group': {
    ...{ act: 'group suspend', words: (of) => [of], button: 'Suspend the group', isGrave: true },
    asks: 'Nothing more that is said in it is taken. What was accepted before goes out.',
    run: (sql, { of }) => pauseGroup(sql, of, true),
    backTo: (of) => `/ops/group?id=${of}`,
  },
  'resume-group': {
    ...{ act: 'group resume', words: (of) => [of], button: 'Resume the group' },
    asks: 'What is said in it is taken again.',
    run: (sql, { of }) => pauseGroup(sql, of, false),
    backTo: (of) => `/ops/group?id=${of}`,
  },
  'block-person': {
    ...{ act: 'person block', words: (of) => [of], button: 'Block', isGrave: true, isReasonNeeded: true },
    asks: 'Nothing of ours goes there any more, from any group, as if STOP had been said. Nobody is told.',
    run: (sql, how) => block(sql, { ...how, blocked: true }),
    backTo: (of) => `/ops/person?id=${of}`,
  },
  'unblock-person': {
    ...{ act: 'person unblock', words: (of) => [of], button: 'Unblock', isGrave: true, isReasonNeeded: true },
    asks: 'The law lets only the person themself end a STOP: say where it is on record that they asked for texts again.',
    run: (sql, how) => block(sql, { ...how, blocked: false }),
    backTo: (of) => `/ops/person?id=${of}`,
  },
  'requeue-message': {
    ...{ act: 'message requeue', words: (of) => [of], button: 'Try failed texts again' },
    asks: 'Each text of it that failed gets another try, which the owner pays for as for any.',
    run: async (sql, { of, now }) => {
      const id = readId(of);
      return id !== null && (await requeueFailed(sql, { first: id, end: id + 1, code: null }, now)) > 0;
    },
    backTo: (of) => `/ops/message?id=${of}`,
  },
};

function pausing(kind: Holdable['kind'], what: string): Change {
  return {
    ...{ act: 'sending pause', ...placeOf(kind), button: `Pause ${what}`, isGrave: true },
    asks: 'PINs and answers too. Texts are accepted and wait in their order; one that is a day old is given up.',
    run: async (sql, { of, now }) => {
      const found = await findHoldable(sql, { kind, name: of });
      return found !== null && (await pauseSending(sql, found, now));
    },
  };
}

function resuming(kind: Holdable['kind'], what: string): Change {
  return {
    ...{ act: 'sending resume', ...placeOf(kind), button: `Resume ${what}` },
    asks: 'What waits goes out, in its order and at its pace.',
    run: async (sql, { of }) => {
      const found = await findHoldable(sql, { kind, name: of });
      return found !== null && (await resumeSending(sql, found));
    },
  };
}

function placeOf(kind: Holdable['kind']): Pick<Change, 'words' | 'backTo'> {
  return {
    words: (of) => [kind === 'carrier' ? of : `--${kind}=${of}`],
    backTo: () => (kind === 'carrier' ? '/ops' : '/ops/numbers'),
  };
}

async function pauseGroup(sql: Sql, of: string, paused: boolean): Promise<boolean> {
  const groupId = readId(of);
  return groupId !== null && (await setPaused(sql, { groupId, paused }));
}

async function block(
  sql: Sql,
  { of, blocked, reason, now }: { of: string; blocked: boolean; reason: string | null; now: Date },
): Promise<boolean> {
  const personId = readId(of);
  return personId !== null && (await blockPerson(sql, { personId, blocked, reason, now }));
}
