import { DomainError } from '../engine/platform/errors.ts';
import { isSigned, MEDIA_URL } from '../engine/platform/media-addresses.ts';
import { openMediaStore } from '../engine/platform/open-media-store.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { kindOfName } from '../engine/rules/media.ts';
import { readRange } from './byte-range.ts';
import { answersOnly } from './methods.ts';
import type { RequestContext, Step } from './step.ts';

/**
 * Media of messages, under addresses that are signed and end: for carriers and for the pages of apps. One that is not good
 * answers as an address that does not exist. MySQL is not asked.
 */
export function mediaFile(runtime: Runtime): Step {
  return async (ctx, next) => {
    const name = ctx.path.startsWith(`${MEDIA_URL}/`) ? ctx.path.slice(MEDIA_URL.length + 1) : '';
    const kind = kindOfName(name);
    if (kind === null) return next();
    ctx.state.route = `${MEDIA_URL}/NAME`;
    answersOnly(ctx, 'GET', 'HEAD');
    const query = new URLSearchParams(ctx.querystring.slice(0, QUERY_LIMIT));
    const asked = { name, until: query.get('until') ?? '', signature: query.get('signature') ?? '' };
    const bytes = isSigned(runtime.config, asked) ? await read(runtime, name) : null;
    if (bytes === null) throw new DomainError('UNKNOWN_URL');
    ctx.type = kind.type;
    ctx.set('Cache-Control', 'private, max-age=86400, immutable');
    // Pages of any origin may show it; opened by itself it runs nothing.
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
    ctx.set('Content-Security-Policy', "default-src 'none'; sandbox");
    // Under a name there is never anything else.
    ctx.set('ETag', `"${name}"`);
    ctx.set('Accept-Ranges', 'bytes');
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else answerWith(ctx, bytes);
  };
}

/** All of it, or the piece that a player asks for: some play a video from nowhere that does not answer in pieces. */
function answerWith(ctx: RequestContext, bytes: Buffer): void {
  const ifRange = ctx.get('If-Range');
  const isSame = ifRange === '' || ifRange === ctx.response.get('ETag');
  const range = isSame ? readRange(ctx.get('Range'), bytes.length) : null;
  if (range === null) {
    ctx.body = bytes;
  } else if (range === 'none') {
    ctx.set('Content-Range', `bytes */${bytes.length}`);
    ctx.status = 416;
    ctx.body = '';
  } else {
    ctx.set('Content-Range', `bytes ${range.first}-${range.last}/${bytes.length}`);
    ctx.status = 206;
    ctx.body = bytes.subarray(range.first, range.last + 1);
  }
}

const QUERY_LIMIT = 200;

async function read(runtime: Runtime, name: string): Promise<Buffer | null> {
  const { store } = runtime.use(openMediaStore);
  if (store === null) return null;
  return store.get(name).catch((cause: unknown) => {
    runtime.log.error({ err: cause }, 'the store of media did not answer');
    throw new DomainError('UNAVAILABLE', { subtype: 'media', retryAfter: 5, cause });
  });
}
