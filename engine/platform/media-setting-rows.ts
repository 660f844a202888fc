import type { Setting } from './setting.ts';

/** Where pictures and the like are kept that apps upload, or that came in by MMS. */
export const mediaSettingRows = {
  MEDIA_FOLDER: {
    kind: 'text',
    default: '',
    help: 'Folder for pictures that apps upload and for copies of those that come in, which every web and clock process has to see; for one machine. Without it and MEDIA_S3_URL none are taken or copied.',
  },
  MEDIA_S3_URL: {
    kind: 'url',
    schemes: ['https', 'http'],
    default: '',
    help: 'S3-compatible store for them in place of a folder: https://KEY:SECRET@host/bucket?region=us-east-1, key and secret percent-encoded.',
  },
} as const satisfies Record<string, Setting>;
