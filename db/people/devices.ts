import type { DeviceType } from '../../engine/rules/devices.ts';
import { row, rows, run, type Sql } from '../connect.ts';
export type Device = { phone: string; type: DeviceType; token: string };

/** The device is live: its token leaves the phone that had it before. Fails with a duplicate error in a race for the token. */
export async function putDevice(sql: Sql, { phone, type, token }: Device, now: Date): Promise<void> {
  await run(sql, 'DELETE FROM devices WHERE token = ? AND (live = 1 OR phone = ?)', [token, phone]);
  await run(sql, 'INSERT INTO devices (phone, type, token, live, created_at) VALUES (?, ?, ?, 1, ?)', [
    phone,
    type,
    token,
    now,
  ]);
}

/** The phone’s row of this token: live, or waiting for the phone’s YES. Locked until the transaction ends. */
export async function lockDevice(
  sql: Sql,
  { phone, token }: { phone: string; token: string },
): Promise<{ live: number | null; confirmUntil: Date | null } | undefined> {
  return row(sql, 'SELECT live, confirm_until AS confirmUntil FROM devices WHERE phone = ? AND token = ? FOR UPDATE', [
    phone,
    token,
  ]);
}

export async function setDeviceType(sql: Sql, { phone, type, token }: Device): Promise<void> {
  await run(sql, 'UPDATE devices SET type = ? WHERE phone = ? AND token = ?', [type, phone, token]);
}

/** Waits for the phone’s YES, or YES and the code, until then; a token that is live for another phone stays where it is. */
export async function putUnconfirmed(
  sql: Sql,
  { phone, type, token, code, until, now }: Device & { code: string; until: Date; now: Date },
): Promise<void> {
  await run(sql, 'DELETE FROM devices WHERE phone = ? AND token = ?', [phone, token]);
  await run(
    sql,
    'INSERT INTO devices (phone, type, token, live, code, confirm_until, created_at) VALUES (?, ?, ?, NULL, ?, ?, ?)',
    [phone, type, token, code, until, now],
  );
}

/** The devices of a phone that wait for a YES, and the code of each. */
export async function findUnconfirmed(
  sql: Sql,
  { phone, now }: { phone: string; now: Date },
): Promise<(Device & { id: number; code: string })[]> {
  return rows(
    sql,
    `SELECT id, phone, type, token, COALESCE(code, '') AS code FROM devices
     WHERE phone = ? AND live IS NULL AND confirm_until > ? ORDER BY id`,
    [phone, now],
  );
}

export async function deleteDevices(sql: Sql, { phone, type }: { phone: string; type: DeviceType }): Promise<void> {
  await run(sql, 'DELETE FROM devices WHERE phone = ? AND type = ?', [phone, type]);
}

/** Deletes devices whose YES did not come in time. Returns how many. */
export async function deleteUnconfirmed(sql: Sql, { now, limit }: { now: Date; limit: number }): Promise<number> {
  const { affected } = await run(sql, 'DELETE FROM devices WHERE live IS NULL AND confirm_until <= ? LIMIT ?', [
    now,
    limit,
  ]);
  return affected;
}

/** A device that can be alerted. */
export type AlertableDevice = { id: number; phone: string; type: DeviceType; token: string };

/** The live devices of these types that these phones have. */
export async function findAlertable(
  sql: Sql,
  { phones, types }: { phones: readonly string[]; types: readonly DeviceType[] },
): Promise<AlertableDevice[]> {
  if (phones.length === 0 || types.length === 0) return [];
  return rows(sql, 'SELECT id, phone, type, token FROM devices WHERE phone IN (?) AND type IN (?) AND live = 1', [
    phones,
    types,
  ]);
}

/** Its service knows no such device any more, or its phone does not want it. One that was registered anew meanwhile is another row. */
export async function deleteDevice(sql: Sql, id: number): Promise<void> {
  await run(sql, 'DELETE FROM devices WHERE id = ?', [id]);
}
