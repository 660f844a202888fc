import { DemoFailed } from './demo-group.ts';
import type { TextLog } from './log.ts';
import type { Watch } from './watch.ts';

/**
 * Logs a handset in through the engine's own API, as its owner would with the PIN that it gets. Resolves to the address of the
 * reference on which calls can be tried as them: the sid and the number of their newest group stand behind its #, which no
 * server is told.
 */
export function openDemoSessions({ webhookBase, watch, log }: Options) {
  const known = new Map<string, string>();

  async function logIn(phone: string): Promise<string> {
    const after = log.count();
    await call('/member/find', { number: phone });
    const [text] = await watch.waitForTexts({ to: phone, text: PIN }, { after });
    const { sid = '' } = await call('/member/login', { number: phone, pin: PIN.exec(text?.text ?? '')?.[0] ?? '' });
    known.set(phone, sid);
    return sid;
  }

  async function call(path: string, fields: Record<string, string>): Promise<Answer> {
    const answer = await fetch(webhookBase + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(10_000),
    }).catch((cause) => {
      throw new DemoFailed(`The engine does not answer at ${webhookBase}; is it running?`, { cause });
    });
    const said = (await answer.json().catch(() => ({}))) as Answer;
    if (said.status === 'OK') return said;
    if (answer.status === 401) return said;
    throw new DemoFailed(`The engine refuses ${path}: ${said.message ?? said.error_type ?? `HTTP ${answer.status}`}`);
  }

  return async (phone: string): Promise<{ address: string }> => {
    let sid = known.get(phone) ?? (await logIn(phone));
    let mine = await call('/member/groups', { sid });
    if (mine.status !== 'OK') {
      // It ended meanwhile.
      sid = await logIn(phone);
      mine = await call('/member/groups', { sid });
    }
    const number = mine.groups?.at(-1)?.number;
    const behind = new URLSearchParams({ token: sid, ...(number === undefined ? {} : { number }) });
    return { address: `${webhookBase}/docs#${behind}` };
  };
}

const PIN = /\b\d{6}\b/;

type Answer = { status?: string; error_type?: string; message?: string; sid?: string; groups?: { number: string }[] };
type Options = { webhookBase: string; watch: Watch; log: Pick<TextLog, 'count'> };
