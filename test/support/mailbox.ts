import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail server of a test’s own: what it took, and what it refuses. */
export type Mailbox = {
  url: string;
  readonly letters: readonly Letter[];
  /** Nobody at this address. */
  refuse(address: string): void;
  /** Stops listening, and listens again on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
};
/** As it came, headers and all. */
export type Letter = { from: string; to: string; raw: string };

export async function openMailbox(): Promise<Mailbox> {
  const letters: Letter[] = [];
  const refused = new Set<string>();
  const make = () =>
    new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      onAuth: ({ username = '' }, _session, callback) => callback(null, { user: username }),
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      onRcptTo({ address }, _session, callback) {
        if (!refused.has(address)) return callback();
        callback(Object.assign(new Error(`nobody is at ${address}`), { responseCode: 550 }));
      },
      onData(stream, { envelope }, callback) {
        let raw = '';
        stream.setEncoding('utf8');
        stream.on('data', (some: string) => (raw += some));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = envelope;
          letters.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo[0]?.address ?? '', raw });
          callback();
        });
      },
    });
  let server = make();
  const listen = (port: number) => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    refuse: (address) => void refused.add(address),
    down: () => new Promise((resolve) => void server.close(() => resolve())),
    async up() {
      server = make();
      await listen(port);
    },
  };
}
