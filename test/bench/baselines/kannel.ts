import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../../../dev/stack/find.ts';
import { openGuard } from '../../../dev/stack/guard.ts';
import { freePort } from '../../../dev/stack/port.ts';
import { makeServer, type Server } from '../../../dev/stack/server.ts';
import type { Fixture } from '../fixture.ts';

/** In memory, or each text in a file of its own until it is sent. */
export type Store = 'memory' | 'spool';
/** A Kannel that forwards to the fixture's carrier. */
export type Kannel = { url: string; processes: string[] };

/** Debian's package `kannel`; undefined where it is not installed. */
export async function openKannel(fixture: Fixture, store: Store): Promise<Kannel | undefined> {
  const programs = { bearerbox: findProgram('bearerbox'), smsbox: findProgram('smsbox') };
  if (programs.bearerbox === undefined || programs.smsbox === undefined) return undefined;
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-kannel-'));
  const guard = openGuard(folder);
  const ports = { admin: await freePort(), boxes: await freePort(), sendsms: await freePort() };
  const settings = path.join(folder, 'kannel.conf');
  writeFileSync(settings, write({ fixture, store, folder, ports }), { mode: 0o600 });
  const url = `http://127.0.0.1:${ports.sendsms}`;
  const open = (name: keyof typeof programs, ping: string): Server =>
    makeServer(
      {
        name: `Kannel's ${name}`,
        command: programs[name] ?? name,
        // Panics alone; the rest is in the log files of the settings.
        args: ['--verbosity', '4', settings],
        folder,
        log: path.join(folder, `${name}.log`),
        ping: async () => void (await fetch(ping)),
      },
      guard,
      () => {},
    );
  const bearerbox = open('bearerbox', `http://127.0.0.1:${ports.admin}/status`);
  const smsbox = open('smsbox', `${url}/cgi-bin/sendsms`);
  fixture.onClose(async () => {
    await Promise.all([smsbox.kill(), bearerbox.kill()]);
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  });
  await bearerbox.start();
  await smsbox.start();
  const processes = { [`bearerbox, ${store}`]: bearerbox, [`smsbox, ${store}`]: smsbox };
  for (const [name, server] of Object.entries(processes)) fixture.also(name, () => server.pid ?? 0);
  return { url, processes: Object.keys(processes) };
}

type Plan = {
  fixture: Fixture;
  store: Store;
  folder: string;
  ports: { admin: number; boxes: number; sendsms: number };
};

function write({ fixture, store, folder, ports }: Plan): string {
  const spool = path.join(folder, 'spool');
  mkdirSync(spool);
  // As our own processes do it: all but what is for debugging.
  const logTo = (box: string) => [`log-file = "${path.join(folder, `${box}-info.log`)}"`, 'log-level = 1'];
  const { host } = new URL(fixture.simulator);
  const login = `${fixture.auth.authId}:${fixture.auth.authToken}`;
  return [
    'group = core',
    `admin-port = ${ports.admin}`,
    `admin-password = ${randomBytes(9).toString('hex')}`,
    `smsbox-port = ${ports.boxes}`,
    'box-allow-ip = "127.0.0.1"',
    'admin-allow-ip = "127.0.0.1"',
    `sms-outgoing-queue-limit = ${QUEUE}`,
    ...logTo('bearerbox'),
    `access-log = "${path.join(folder, 'access.log')}"`,
    `smsbox-max-pending = ${IN_FLIGHT * 10}`,
    ...(store === 'spool' ? ['store-type = spool', `store-location = "${spool}"`] : []),
    '',
    'group = smsc',
    'smsc = http',
    'smsc-id = carrier',
    'system-type = generic',
    'port = 0',
    `send-url = "http://${login}@${host}/forward?src=%P&dst=%p&text=%b"`,
    'status-success-regex = "message_uuid"',
    `max-pending-submits = ${IN_FLIGHT}`,
    '',
    'group = smsbox',
    'bearerbox-host = "127.0.0.1"',
    `sendsms-port = ${ports.sendsms}`,
    ...logTo('smsbox'),
    '',
    'group = sendsms-user',
    'username = bench',
    'password = bench',
    'max-messages = 10',
    '',
  ].join('\n');
}

/** As many as our own senders have under way at the carrier. */
const IN_FLIGHT = 100;
const QUEUE = 1_000_000;
