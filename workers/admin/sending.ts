import { BY_OPERATOR, endPause, readPauses, writePause } from '../../db/deliveries/pauses.ts';
import { type CarrierName, carrierNames } from '../../engine/rules/carriers.ts';
import { type Command, Misuse, NotPossible } from './command.ts';
import { tableOf } from './table.ts';

export const sendingStatus: Command = {
  words: ['sending', 'status'],
  takes: [],
  does: 'lists the carriers through which sending pauses: since when, until when it is tried again, and the error code that began it (0: an operator)',
  examples: ['sending status', 'sending status --json'],
  async run({ db }) {
    const pauses = await readPauses(db);
    if (pauses.length === 0) return { text: 'Nothing pauses.', json: { pauses } };
    const cells = pauses.map(({ carrier, since, until, errorCode }) => [
      ...[carrier, since.toISOString(), until >= FOREVER ? 'sending resume' : until.toISOString(), String(errorCode)],
    ]);
    return { text: tableOf(['carrier', 'since', 'until', 'code'], cells, { numbers: 1 }), json: { pauses } };
  },
};

export const sendingPause: Command = {
  words: ['sending', 'pause'],
  takes: ['<carrier>'],
  changes: true,
  async asks({ args: [carrier] }) {
    return `Hold all texts through ${carrier}, PINs too, until sending resume?`;
  },
  does: 'holds every text through a carrier, PINs and answers too, within a second or two and until sending resume. Texts are accepted and wait; one that is a day old is given up',
  examples: ['sending pause plivo --reason "a wrong broadcast is running" --yes'],
  async run({ db, args: [written = ''], now }) {
    const carrier = readCarrier(written);
    await writePause(db, { carrier, errorCode: BY_OPERATOR, now, until: FOREVER });
    return {
      text: `Nothing is sent through ${carrier} until sending resume ${carrier}.`,
      json: { carrier, paused: true },
    };
  },
};

export const sendingResume: Command = {
  words: ['sending', 'resume'],
  takes: ['<carrier>'],
  changes: true,
  does: 'ends a pause, whatever began it: what waits goes out, at its pace',
  examples: ['sending resume plivo'],
  async run({ db, args: [written = ''] }) {
    const carrier = readCarrier(written);
    if (!(await endPause(db, carrier))) throw new NotPossible(`Sending through ${carrier} does not pause.`);
    return { text: `Texts go out through ${carrier} again.`, json: { carrier, paused: false } };
  },
};

/** Later than any try. */
const FOREVER = new Date(Date.UTC(9999, 0, 1));

function readCarrier(written: string): CarrierName {
  const carrier = carrierNames.find((name) => name === written.toLowerCase());
  if (carrier === undefined) throw new Misuse(`"${written}" is none of our carriers: ${carrierNames.join(', ')}.`);
  return carrier;
}
