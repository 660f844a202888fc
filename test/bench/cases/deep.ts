import { setTimeout as sleep } from 'node:timers/promises';
import { rows } from '../../../db/connect.ts';
import { cancelMessage } from '../../../engine/delivery/cancel.ts';
import type { Case } from '../case.ts';
import { makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { haveNumbers } from '../numbers.ts';
import { perItem } from '../usage.ts';
import { BROADCASTS_AT_ONCE, isWritten } from './backlog.ts';

const NUMBERS = 200;
const SENDERS = 2;
const FEW = 30;
const MANY = 1_000;
/** Between the writing of the backlog and what is measured, and how long that is: the small one lasts so long. */
const SETTLE_MS = 3_000;
const WINDOW_MS = 20_000;
const LOOK_MS = 200;

const waitingFor = (waiting: number) => `${waiting.toLocaleString('en-US')} waiting for each`;
export const DEEP_RATIO = `CPU of a delivery, ${MANY.toLocaleString('en-US')} ÷ ${FEW} waiting for each number`;

/** Whether a delivery costs more where more waits behind it: what a part of the backlog cost, once it was written. */
export const deep: Case = {
  name: 'deep',
  title: `${NUMBERS} numbers of one text a second, ${SENDERS} senders, ${FEW} and ${MANY.toLocaleString('en-US')} texts waiting for each`,
  settings: { NUMBER_MPS: '1', ACCOUNT_MPS: '0' },
  copies: { sender: SENDERS },
  reporting: 'none',
  mostRounds: 2,
  async prepare(fixture) {
    await haveNumbers(fixture.db, NUMBERS);
    return [FEW, MANY].map((waiting) => ({ name: waitingFor(waiting), round: () => measure(fixture, waiting) }));
  },
  ratios: [{ name: DEEP_RATIO, over: [waitingFor(MANY), 'CPU µs, all'], under: [waitingFor(FEW), 'CPU µs, all'] }],
};

/** Groups of their own each time: what is left of the backlog is cancelled. */
async function measure(fixture: Fixture, waiting: number): Promise<Figures> {
  const groups = await makeGroups(fixture.db, { groups: NUMBERS, members: waiting + 1 });
  await fixture.outcomes.quiet();
  const { messageId } = await fixture.outcomes.begin();
  const inbound = groups.map(({ phones, number }) => ({ from: phones[0] ?? '', to: number, text: 'Who brings it?' }));
  await fixture.poster.send('text', { inbound }, { atOnce: BROADCASTS_AT_ONCE });
  while (!(await isWritten(fixture))) await sleep(LOOK_MS);
  await sleep(SETTLE_MS);
  const { taken } = await fixture.outcomes.begin();
  const before = await fixture.meter.read();
  await sleep(WINDOW_MS);
  const sent = (await fixture.outcomes.begin()).taken - taken;
  const spent = perItem(before, await fixture.meter.read(), sent);
  const sql = 'SELECT id FROM messages WHERE id > ?';
  for (const { id } of await rows<{ id: number }>(fixture.db, sql, [messageId]))
    await cancelMessage(fixture.db, { messageId: id, now: new Date() });
  await fixture.outcomes.quiet();
  return { 'sent a second': (sent * 1_000) / WINDOW_MS, ...spent };
}
