import { createServer as createHttp } from 'node:http';
import { createServer as createHttp2, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { serveApns } from './apns.ts';
import { type Desk, openDesk, type Taken } from './desk.ts';
import { serveFcm } from './fcm.ts';
import { makePushSettings, type PushSettings, projectIn, teamIn } from './settings.ts';

/** Apple’s and Google’s push services on two ports; `settings` is what an engine needs to use them. */
export type PushSimulator = Desk & {
  settings: PushSettings;
  /** Breaks every connection; new ones are taken. */
  cut(): void;
  stop(): Promise<void>;
};

export type PushOptions = {
  settings?: PushSettings;
  /** Where it listens without settings; default loopback. */
  host?: string;
  /** Milliseconds before a push is taken, and before that is answered. */
  delayMs?: number;
  onTaken?: (push: Taken) => void;
};

/** Without settings it takes free ports and makes them up. */
export async function startPushSimulator({
  settings: known,
  host = '127.0.0.1',
  delayMs = 0,
  onTaken,
}: PushOptions = {}): Promise<PushSimulator> {
  const desk = openDesk({ onTaken, delayMs });
  const [apns, fcm] = [createHttp2(), createHttp()];
  const sessions = new Set<ServerHttp2Session>();
  apns.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  const free = `http://${host}:0`;
  const [apnsUrl, fcmUrl] = await Promise.all([open(apns, known?.APNS_URL ?? free), open(fcm, known?.FCM_URL ?? free)]);
  const settings = known ?? makePushSettings({ apnsUrl, fcmUrl });
  serveApns(apns, desk, teamIn(settings));
  serveFcm(fcm, desk, projectIn(settings));
  function cut(): void {
    for (const session of sessions) session.destroy();
    fcm.closeAllConnections();
  }
  return {
    ...desk,
    settings,
    cut,
    async stop() {
      const closed = [apns, fcm].map((server) => new Promise((resolve) => void server.close(resolve)));
      cut();
      await Promise.all(closed);
    },
  };
}

/** Returns the address that the server listens on. */
async function open(server: Server, url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(Number(port), hostname, resolve);
  });
  return `http://${hostname}:${(server.address() as AddressInfo).port}`;
}
