import { BY_OPERATOR, readPauses } from '../../db/deliveries/pauses.ts';
import { listHolds } from '../../db/deliveries/sending-holds.ts';
import { carrierNames } from '../../engine/rules/carriers.ts';
import {
  findHoldable,
  type Holdable,
  pauseSending,
  resumeSending,
  UNTIL_RESUMED,
} from '../../engine/usecases/operating/hold-sending.ts';
import { type Call, type Command, Misuse, NotPossible, numberOf } from './command.ts';
import { tableOf } from './table.ts';

export const sendingStatus: Command = {
  words: ['sending', 'status'],
  takes: [],
  does: 'lists what pauses: carriers, numbers and campaigns; since when, until when it is tried again, and the error code that began it (0: an operator)',
  examples: ['sending status', 'sending status --json'],
  async run({ db }) {
    const pauses = await readPauses(db);
    const holds = await listHolds(db);
    if (pauses.length + holds.length === 0) return { text: 'Nothing pauses.', json: { pauses, holds } };
    const cells = [
      ...pauses.map(({ carrier, since, until, errorCode }) => [
        ...['carrier', carrier, since.toISOString()],
        ...[until >= UNTIL_RESUMED ? RESUMED : until.toISOString(), String(errorCode)],
      ]),
      ...holds.map(({ kind, name, since }) => [kind, name, since.toISOString(), RESUMED, String(BY_OPERATOR)]),
    ];
    const text = tableOf(['what', 'name', 'since', 'until', 'code'], cells, { numbers: 1 });
    return { text, json: { pauses, holds } };
  },
};

/** What ends it. */
const RESUMED = 'sending resume';

const OPTIONS = {
  '--number <number>': 'one number of ours, in place of a carrier',
  '--campaign <id>': 'all numbers of a 10DLC campaign, in place of a carrier',
};

export const sendingPause: Command = {
  words: ['sending', 'pause'],
  takes: ['[carrier]'],
  options: OPTIONS,
  changes: true,
  async asks(call) {
    return `Hold all texts ${wayOf(await wantedOf(call))}, PINs too, until sending resume?`;
  },
  does: 'holds every text through a carrier, from one number, or from the numbers of a campaign, PINs and answers too, within two seconds and until sending resume. Texts are accepted and wait in their order; one that is a day old is given up',
  examples: [
    'sending pause plivo --reason "a wrong broadcast is running" --yes',
    'sending pause --number +12015550123 --reason "flagged as spam" --yes',
    'sending pause --campaign CABC123 --yes',
  ],
  async run(call) {
    const wanted = await wantedOf(call);
    if (!(await pauseSending(call.db, wanted, call.now)))
      throw new NotPossible(`Sending ${wayOf(wanted)} pauses already.`);
    return { text: `Nothing is sent ${wayOf(wanted)} until sending resume.`, json: jsonOf(wanted, true) };
  },
};

export const sendingResume: Command = {
  words: ['sending', 'resume'],
  takes: ['[carrier]'],
  options: OPTIONS,
  changes: true,
  does: 'ends a pause, whatever began it: what waits goes out, in its order and at its pace',
  examples: ['sending resume plivo', 'sending resume --number +12015550123'],
  async run(call) {
    const wanted = await wantedOf(call);
    if (!(await resumeSending(call.db, wanted))) throw new NotPossible(`Sending ${wayOf(wanted)} does not pause.`);
    return { text: `Texts go out ${wayOf(wanted)} again.`, json: jsonOf(wanted, false) };
  },
};

/** One of the three. */
async function wantedOf(call: Call): Promise<Holdable> {
  const { db, options } = call;
  const { number, campaign } = options;
  const [carrier] = call.args;
  if ([carrier, number, campaign].filter((one) => one !== undefined).length !== 1)
    throw new Misuse('Name a carrier, --number or --campaign: one of them.');
  if (number !== undefined) return { kind: 'number', name: (await numberOf(call, number)).phone };
  if (carrier !== undefined) {
    const found = await findHoldable(db, { kind: 'carrier', name: carrier.toLowerCase() });
    if (found === null) throw new Misuse(`"${carrier}" is none of our carriers: ${carrierNames.join(', ')}.`);
    return found;
  }
  const found = await findHoldable(db, { kind: 'campaign', name: campaign ?? '' });
  if (found === null) throw new NotPossible(`None of our numbers is in the campaign "${campaign}": see number list.`);
  return found;
}

function wayOf({ kind, name }: Holdable): string {
  return kind === 'carrier' ? `through ${name}` : `from ${kind === 'number' ? name : `campaign ${name}`}`;
}

function jsonOf({ kind, name }: Holdable, paused: boolean): object {
  return { [kind]: name, paused };
}
