import { setTimeout as sleep } from 'node:timers/promises';
import { row } from '../../../db/connect.ts';
import { makeGroups } from '../../bench/crowd.ts';
import { openConsoleBrowser } from '../../support/console.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';

const RECIPIENTS = 10_000;
/** Pressed when so many have it. */
const GONE_BEFORE = 500;
/** From the click to the last text. */
const STOPS_WITHIN_MS = 5_000;
/** Nothing has come for so long: it is over. */
const OVER_MS = 10_000;

/** Of the account and of each number: the broadcast goes out as fast as it may, for more than half a minute. */
export const accountLimits = { ACCOUNT_MPS: '200', NUMBER_MPS: '200', MAX_MEMBERS: String(RECIPIENTS + 1) };

export const broadcastFaults: readonly Fault[] = [
  {
    name: 'wrong-broadcast',
    does: `a wrong text to ${RECIPIENTS} people goes out at the account’s limit, and is stopped by the button of the console`,
    times: 1,
    needs: 'limits',
    async strike(fixture, _random, _mend, note) {
      const { api, db, opsPassword, simulator } = fixture;
      const browser = openConsoleBrowser(api);
      await browser.signIn('ops', opsPassword);
      const [group] = await makeGroups(db, { groups: 1, members: RECIPIENTS + 1, firstNumber: 50 });
      const seq = simulator.accepted.at(-1)?.seq ?? 0;
      const words = `The wrong text ${Date.now()}`;
      const { status } = await simulator.text({ from: group?.phones[0] ?? '', to: group?.number ?? '', text: words });
      if (status !== 200) throw new Error(`the text was answered ${status}`);
      const copies = () => simulator.accepted.filter((one) => one.seq > seq && one.text.endsWith(words));
      while (copies().length < GONE_BEFORE) await sleep(50);

      const page = await browser.get('/ops/running');
      const [, id = ''] = /Stop message (\d+) for all/.exec(page.html) ?? [];
      const before = copies().length;
      const pressedAt = Date.now();
      const { to } = await browser.press(page, '/ops/stop', { id, reason: 'the wrong text' });
      const answeredMs = Date.now() - pressedAt;
      if (to !== `/ops/message?id=${id}`) throw new Error(`the button led to ${to}`);

      while (Date.now() - Math.max(pressedAt, copies().at(-1)?.at ?? 0) < OVER_MS) await sleep(200);
      const all = copies();
      const lastMs = Math.max(0, (all.at(-1)?.at ?? 0) - pressedAt);
      note(
        `pressed when ${before} of ${RECIPIENTS} had it; answered after ${answeredMs} ms; ${all.length - before} more left, the last ${lastMs} ms after the click`,
      );
      const broken = [
        ...(lastMs >= STOPS_WITHIN_MS ? [`a text left ${(lastMs / 1_000).toFixed(1)} s after the click`] : []),
        ...(await unaccounted(fixture, { id: Number(id), gone: all.length })),
      ];
      if (broken.length > 0) throw new Error(broken.join('\n    '));
    },
  },
];

/** Every other recipient's text was stopped, and nobody pays for it. */
async function unaccounted({ db }: Fixture, { id, gone }: { id: number; gone: number }): Promise<string[]> {
  const found = await row<{ stopped: number; paid: number }>(
    db,
    "SELECT SUM(state = 'skipped' AND reason = 'cancelled') AS stopped, SUM(charged > 0) AS paid FROM deliveries WHERE message_id = ?",
    [id],
  );
  const { stopped, paid } = { stopped: Number(found?.stopped), paid: Number(found?.paid) };
  return [
    ...(stopped + gone === RECIPIENTS ? [] : [`${gone} left and ${stopped} were stopped, of ${RECIPIENTS}`]),
    ...(paid === gone ? [] : [`${gone} left and ${paid} were paid`]),
  ];
}
