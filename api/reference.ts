import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Router } from '@koa/router';
import absolutePath from 'swagger-ui-dist/absolute-path.js';
import { errorsPage } from './docs/errors.ts';
import { PAGES_STYLE } from './docs/style.ts';
import type { Endpoint } from './endpoint.ts';
import { ERRORS_PATH } from './error-answer.ts';
import { answersOnly } from './methods.ts';
import { describeApi } from './openapi.ts';
import { PAGE, START, STYLE } from './reference-page.ts';
import type { RequestContext, Step } from './step.ts';

/** The API reference: `/openapi.json` for programs, `/docs` for people, with nothing loaded from elsewhere. */
export function reference(endpoints: readonly Endpoint[]): Step {
  const router = new Router({ strict: true, sensitive: true });
  const document = JSON.stringify(describeApi(endpoints));
  const errors = errorsPage(endpoints, ERRORS_PATH);
  const files: Record<string, { type: string; content: () => string | Promise<Buffer> }> = {
    '/openapi.json': { type: 'application/json', content: () => document },
    '/docs': { type: 'text/html', content: () => PAGE },
    [ERRORS_PATH]: { type: 'text/html', content: () => errors },
    '/docs/pages.css': { type: 'text/css', content: () => PAGES_STYLE },
    '/docs/start.js': { type: 'text/javascript', content: () => START },
    '/docs/style.css': { type: 'text/css', content: () => STYLE },
    '/docs/swagger-ui.css': { type: 'text/css', content: () => viewerFile('swagger-ui.css') },
    '/docs/swagger-ui-bundle.js': { type: 'text/javascript', content: () => viewerFile('swagger-ui-bundle.js') },
  };
  for (const [url, { type, content }] of Object.entries(files)) {
    router.all(url, async (ctx) => {
      (ctx as RequestContext).state.route = url;
      answersOnly(ctx, 'GET');
      ctx.set('Content-Security-Policy', POLICY);
      ctx.type = type;
      ctx.body = await content();
    });
  }
  return router.routes() as Step;
}

/** The viewer sets styles of its own and draws its icons from data addresses; scripts come from files alone. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const viewerFiles = new Map<string, Promise<Buffer>>();

/** Read once, when somebody looks. */
function viewerFile(name: string): Promise<Buffer> {
  const known = viewerFiles.get(name);
  if (known !== undefined) return known;
  const reading = readFile(join(absolutePath(), name));
  viewerFiles.set(name, reading);
  reading.catch(() => viewerFiles.delete(name));
  return reading;
}
