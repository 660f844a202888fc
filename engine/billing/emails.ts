import {
  deleteEmail,
  type Email,
  findDueEmails,
  findReader,
  insertEmail,
  postponeEmail,
  type Reader,
  takeEmail,
} from '../../db/billing/emails.ts';
import type { Tx } from '../../db/connect.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { EmailContent } from '../rules/email-templates.ts';
import { languageOf, speakIn } from '../rules/languages/index.ts';
import { backoffMs, MAX_AGE_MS } from '../rules/status.ts';
import { type Mailer, NotMailed, openMailer } from './mailer.ts';

/**
 * Queues an email to the owner of an account, in their language, in the caller's transaction; the clock process sends it. Does
 * nothing without a known address or a mail server.
 */
export async function enqueueEmail(
  runtime: Runtime,
  tx: Tx,
  { accountId, write, now }: { accountId: number; write: (reader: Reader) => EmailContent; now: Date },
): Promise<void> {
  if (runtime.config.SMTP_URL === '') return;
  const reader = await findReader(tx, accountId);
  if (reader === undefined) return;
  const content = speakIn(languageOf({ own: reader.language, group: null }), () => write(reader));
  await insertEmail(tx, { accountId, ...content, now });
}

/**
 * Sends the emails that are due, each until the server accepts it or a day has passed. Returns how many were accepted.
 * Any number of processes may do this at once. If one dies in the middle, an email may arrive twice.
 */
export async function sendEmails(runtime: Runtime, now = new Date()): Promise<number> {
  if (runtime.config.SMTP_URL === '') return 0;
  const mailer = runtime.use(openMailer);
  let sent = 0;
  for (const email of await findDueEmails(runtime.db, { now, limit: PAGE })) {
    const until = new Date(now.getTime() + HOLD_MS);
    if (!(await takeEmail(runtime.db, { id: email.id, tries: email.tries, until }))) continue;
    const became = await send(runtime, mailer, { email, now });
    if (became === 'sent') sent++;
    if (became === 'unreachable') break;
  }
  return sent;
}

const PAGE = 20;
/** Longer than a conversation with the server may take. */
const HOLD_MS = 120_000;

async function send(
  { db, log }: Runtime,
  mailer: Mailer,
  { email: { id, to, subject, text, tries, createdAt }, now }: { email: Email; now: Date },
): Promise<'sent' | 'refused' | 'unreachable'> {
  if (to === null) {
    await deleteEmail(db, id);
    return 'refused';
  }
  try {
    await mailer.send({ to, subject, text, id: `${id}.${createdAt.getTime()}` });
  } catch (error) {
    if (!(error instanceof NotMailed)) throw error;
    const { code, unreachable } = error;
    const isOver = now.getTime() - createdAt.getTime() > MAX_AGE_MS;
    log.warn({ email: id, code }, isOver ? 'an email was given up' : 'an email was not accepted; it is tried again');
    if (isOver) await deleteEmail(db, id);
    else await postponeEmail(db, { id, until: new Date(now.getTime() + backoffMs(tries + 1, Math.random())) });
    return unreachable ? 'unreachable' : 'refused';
  }
  await deleteEmail(db, id);
  return 'sent';
}
