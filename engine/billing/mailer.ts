import { createTransport } from 'nodemailer';
import type { Config } from '../platform/config.ts';

/** A mail server. `send` answers when it took the letter, and fails where it did not or may not have. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void };
export type Mail = { to: string; subject: string; text: string; id: string };

/**
 * Why a letter was not taken, in words fit for a log: the server's own quote addresses. `away` when it is the server
 * that is missing, so that the next letter would fare no better.
 */
export class NotMailed extends Error {
  override name = 'NotMailed';
  constructor(
    readonly code: string,
    readonly away: boolean,
  ) {
    super(`the mail server did not take a letter: ${code}`);
  }
}

export function openMailer({ config }: { config: Pick<Config, 'SMTP_URL' | 'PUBLIC_URL'> }): Mailer {
  const { host, from } = senderIn(config);
  const transport = createTransport(
    {
      url: config.SMTP_URL,
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: { name: 'Group texts', address: from }, headers: { 'Auto-Submitted': 'auto-generated' } },
  );
  return {
    async send({ to, subject, text, id }) {
      try {
        // A letter that is sent again bears the same name, so that a mailbox may show it once.
        await transport.sendMail({ to: { name: '', address: to }, subject, text, messageId: `<${id}@${host}>` });
      } catch (error) {
        const { code = 'unknown', responseCode } = error as { code?: string; responseCode?: number };
        throw new NotMailed(responseCode === undefined ? code : `${code} ${responseCode}`, responseCode === undefined);
      }
    },
    close: () => transport.close(),
  };
}

/** The longest step of a conversation with the server. */
const PATIENCE_MS = 5_000;

/** Who writes: `from` in the address of the server, its user where that is an address, else nobody at our host. */
function senderIn({ SMTP_URL, PUBLIC_URL }: Pick<Config, 'SMTP_URL' | 'PUBLIC_URL'>): { host: string; from: string } {
  const url = new URL(SMTP_URL);
  const host = new URL(PUBLIC_URL).hostname;
  const user = decodeURIComponent(url.username);
  return { host, from: url.searchParams.get('from') ?? (user.includes('@') ? user : `no-reply@${host}`) };
}
