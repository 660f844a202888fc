import { Router } from '@koa/router';
import { callsPage } from './docs/calls.ts';
import { errorsPage } from './docs/errors.ts';
import { guidePage } from './docs/guide.ts';
import { PAGES_STYLE } from './docs/style.ts';
import { tasksPage } from './docs/tasks.ts';
import { TRY_SCRIPT } from './docs/try.ts';
import type { Endpoint } from './endpoint.ts';
import { ERRORS_PATH } from './error-answer.ts';
import { answersOnly } from './methods.ts';
import { describeApi } from './openapi.ts';
import type { RequestContext, Step } from './step.ts';

/** The API reference: `/openapi.json` for programs, `/docs` for people, all drawn once, with nothing loaded from elsewhere. */
export function reference(endpoints: readonly Endpoint[]): Step {
  const router = new Router({ strict: true, sensitive: true });
  const files: Record<string, { type: string; content: string }> = {
    '/openapi.json': { type: 'application/json', content: JSON.stringify(describeApi(endpoints)) },
    '/docs': { type: 'text/html', content: callsPage(endpoints, '/docs') },
    '/docs/guide': { type: 'text/html', content: guidePage('/docs/guide') },
    '/docs/tasks': { type: 'text/html', content: tasksPage('/docs/tasks') },
    [ERRORS_PATH]: { type: 'text/html', content: errorsPage(endpoints, ERRORS_PATH) },
    '/docs/pages.css': { type: 'text/css', content: PAGES_STYLE },
    '/docs/try.js': { type: 'text/javascript', content: TRY_SCRIPT },
  };
  for (const [url, { type, content }] of Object.entries(files)) {
    router.all(url, (ctx) => {
      (ctx as RequestContext).state.route = url;
      answersOnly(ctx, 'GET');
      ctx.set('Content-Security-Policy', POLICY);
      ctx.type = type;
      ctx.body = content;
    });
  }
  return router.routes() as Step;
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
