import { createTransport } from 'nodemailer';
import type { Config } from '../platform/config.ts';

/** A mail server. `send` resolves once the server accepted the email, and fails if it did not or may not have. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): void };
export type Mail = { to: string; subject: string; text: string; id: string };

/**
 * Why an email was not accepted, in words fit for a log: the server's own words quote addresses. `unreachable` when the
 * server did not answer, so that the next email would fail as well.
 */
export class NotMailed extends Error {
  override name = 'NotMailed';
  constructor(
    readonly code: string,
    readonly unreachable: boolean,
  ) {
    super(`the mail server did not accept an email: ${code}`);
  }
}

/** Emails are from `BRAND`, as texts are; `SMTP_URL` and `PUBLIC_URL` tell from which address. */
export function openMailer({ config }: { config: Pick<Config, 'SMTP_URL' | 'PUBLIC_URL' | 'BRAND'> }): Mailer {
  const { host, from } = senderIn(config);
  const transport = createTransport(
    {
      url: config.SMTP_URL,
      connectionTimeout: STEP_TIMEOUT_MS,
      greetingTimeout: STEP_TIMEOUT_MS,
      socketTimeout: STEP_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: { name: config.BRAND, address: from }, headers: { 'Auto-Submitted': 'auto-generated' } },
  );
  return {
    async send({ to, subject, text, id }) {
      try {
        // An email that is sent again keeps its id, so that a mailbox may show it once.
        await transport.sendMail({ to: { name: '', address: to }, subject, text, messageId: `<${id}@${host}>` });
      } catch (error) {
        const { code = 'unknown', responseCode } = error as { code?: string; responseCode?: number };
        throw new NotMailed(responseCode === undefined ? code : `${code} ${responseCode}`, responseCode === undefined);
      }
    },
    close: () => transport.close(),
  };
}

/** Time limit of each step of the SMTP conversation. */
const STEP_TIMEOUT_MS = 5_000;

/** The sender: `from` in the address of the server, its user if that is an email address, else no-reply at our host. */
function senderIn({ SMTP_URL, PUBLIC_URL }: Pick<Config, 'SMTP_URL' | 'PUBLIC_URL'>): { host: string; from: string } {
  const url = new URL(SMTP_URL);
  const host = new URL(PUBLIC_URL).hostname;
  const user = decodeURIComponent(url.username);
  return { host, from: url.searchParams.get('from') ?? (user.includes('@') ? user : `no-reply@${host}`) };
}
