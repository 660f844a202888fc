import { DomainError } from '../../platform/errors.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { type Cursor, readCursor } from './cursor.ts';
import type { Beginning } from './read-events.ts';

/**
 * Where a client wants to go on: what they sent as a cursor, or nothing for what comes from now on. Throws BAD_REQUEST with
 * `cursor` for what is none, and for one that is older than what is kept.
 */
export function readBeginning({ config }: Runtime, sent: string | undefined): Cursor | Beginning {
  if (sent === undefined || sent === '') return 'now';
  if (sent === 'start') return sent;
  const cursor = readCursor(sent);
  const { KEEP_EVENTS_DAYS: days } = config;
  const isOld = cursor !== null && days > 0 && Date.now() / 1000 - cursor.at > days * DAY_SECONDS;
  if (cursor === null || isOld) throw new DomainError('BAD_REQUEST', { subtype: 'cursor' });
  return cursor;
}

const DAY_SECONDS = 86_400;
