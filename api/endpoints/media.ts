import { Type } from '@sinclair/typebox';
import { MEDIA_BYTES, MOST_MEDIA, mediaKinds } from '../../engine/rules/media.ts';
import { uploadMedia } from '../../engine/usecases/media/upload.ts';
import { endpoint } from '../endpoint.ts';
import { count, text } from '../schemas.ts';

export const mediaUpload = endpoint({
  url: '/v1/media/upload',
  name: 'uploadMedia',
  summary: 'Upload a picture to send',
  notes: `For media_ids of /message/send and /message/schedule, within 24 hours; then it is deleted unless it was sent or waits for its time. What it is, is told by its first bytes: ${mediaKinds.map(({ ending }) => ending).join(', ')}; anything else is BAD_REQUEST with content, as is one over ${MEDIA_BYTES.toLocaleString('en')} bytes. A body over 64 KiB needs the sid or key as Authorization: Bearer. At most 50 that were not sent, a person, and ${MOST_MEDIA} a message; UNAVAILABLE with media is one more, and a service that has no store for them. GET and HEAD of the address need no session, answer in pieces where Range asks for one, and work for 3 to 4 days; an address that ended, was changed or whose contents were deleted is 404 UNKNOWN_URL. Whoever may read the message gets new ones by /message/get. Most networks take 600,000 bytes; JPEG, PNG and GIF are made to fit by the carrier.`,
  session: 'required',
  keys: 'send',
  mostBytes: Math.ceil(MEDIA_BYTES / 3) * 4 + 65_536,
  timeoutMs: 25_000,
  parameters: {
    content: {
      kind: 'base64',
      says: 'The contents, in base64',
      example: 'R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==',
    },
  },
  answer: Type.Object({
    media_id: count('For media_ids of /message/send and /message/schedule'),
    type: text('What it is, such as image/jpeg'),
    url: text('Where it can be fetched for some days'),
  }),
  errors: { MISSING_FIELDS: { subtype: 'fields' } },
  async handle({ runtime, session, params }) {
    const { id, type, address } = await uploadMedia(runtime, session, Buffer.from(params.content, 'base64'));
    return { media_id: id, type, url: address };
  },
});
