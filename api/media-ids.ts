import type { Session } from '../engine/people/sessions.ts';
import { DomainError } from '../engine/platform/errors.ts';
import type { Uploads } from '../engine/usecases/media/sent.ts';

/** The parameter of calls that send pictures. */
export const mediaIds = {
  kind: 'text',
  optional: true,
  says: 'Pictures to send with it: ids of /v1/media/upload by comma, at most 10. It goes out, and costs, as an MMS',
} as const;

/** What it names, of the caller's; undefined where nothing is named. Throws BAD_REQUEST for what are no ids, or one of them twice. */
export function uploadsIn({ personId }: Session, list: string | undefined): Uploads | undefined {
  if (list === undefined) return undefined;
  const ids = list.split(',', 20).map((id) => (/^\d{1,15}$/.test(id.trim()) ? Number(id) : 0));
  if (ids.includes(0) || new Set(ids).size < ids.length) throw new DomainError('BAD_REQUEST', { subtype: 'media_ids' });
  return { personId, ids };
}
