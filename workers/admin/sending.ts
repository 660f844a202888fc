import { BY_OPERATOR, endPause, readPauses, writePause } from '../../db/deliveries/pauses.ts';
import { addHold, endHold, listHolds, type SendingHold } from '../../db/deliveries/sending-holds.ts';
import { listNumbers } from '../../db/groups/number-settings.ts';
import { type CarrierName, carrierNames } from '../../engine/rules/carriers.ts';
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
        ...[until >= FOREVER ? UNTIL_RESUMED : until.toISOString(), String(errorCode)],
      ]),
      ...holds.map(({ kind, name, since }) => [kind, name, since.toISOString(), UNTIL_RESUMED, String(BY_OPERATOR)]),
    ];
    const text = tableOf(['what', 'name', 'since', 'until', 'code'], cells, { numbers: 1 });
    return { text, json: { pauses, holds } };
  },
};

const UNTIL_RESUMED = 'sending resume';

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
    const { db, now } = call;
    const wanted = await wantedOf(call);
    if (wanted.kind === 'carrier')
      await writePause(db, { carrier: wanted.name, errorCode: BY_OPERATOR, now, until: FOREVER });
    else if (!(await addHold(db, { ...wanted, since: now })))
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
    const ended = wanted.kind === 'carrier' ? await endPause(call.db, wanted.name) : await endHold(call.db, wanted);
    if (!ended) throw new NotPossible(`Sending ${wayOf(wanted)} does not pause.`);
    return { text: `Texts go out ${wayOf(wanted)} again.`, json: jsonOf(wanted, false) };
  },
};

/** Later than any try. */
const FOREVER = new Date(Date.UTC(9999, 0, 1));

type Wanted = { kind: 'carrier'; name: CarrierName } | Pick<SendingHold, 'kind' | 'name'>;

/** One of the three. A campaign that has no number left can still be resumed. */
async function wantedOf(call: Call): Promise<Wanted> {
  const { number, campaign } = call.options;
  const [carrier] = call.args;
  if ([carrier, number, campaign].filter((one) => one !== undefined).length !== 1)
    throw new Misuse('Name a carrier, --number or --campaign: one of them.');
  if (carrier !== undefined) return { kind: 'carrier', name: readCarrier(carrier) };
  if (number !== undefined) return { kind: 'number', name: (await numberOf(call, number)).phone };
  const name = campaign ?? '';
  const known = [...(await listNumbers(call.db)).map((one) => one.campaign), ...(await heldCampaigns(call))];
  if (!known.includes(name))
    throw new NotPossible(`None of our numbers is in the campaign "${name}": see number list.`);
  return { kind: 'campaign', name };
}

async function heldCampaigns({ db }: Call): Promise<string[]> {
  return (await listHolds(db)).filter(({ kind }) => kind === 'campaign').map(({ name }) => name);
}

function wayOf({ kind, name }: Wanted): string {
  return kind === 'carrier' ? `through ${name}` : `from ${kind === 'number' ? name : `campaign ${name}`}`;
}

function jsonOf({ kind, name }: Wanted, paused: boolean): object {
  return { [kind]: name, paused };
}

function readCarrier(written: string): CarrierName {
  const carrier = carrierNames.find((name) => name === written.toLowerCase());
  if (carrier === undefined) throw new Misuse(`"${written}" is none of our carriers: ${carrierNames.join(', ')}.`);
  return carrier;
}
