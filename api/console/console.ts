import { findOperator, formTokenOf, isFormToken, signOut } from '../../engine/people/operators.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { mayAct, type Operator } from '../../engine/rules/operators.ts';
import { withinDeadline } from '../deadline.ts';
import { type FieldMap, readFields } from '../fields.ts';
import { type Html, html } from '../html.ts';
import { answersOnly } from '../methods.ts';
import { readBody } from '../middleware/body.ts';
import type { RequestContext } from '../step.ts';
import { frame } from './frame.ts';
import { openMoments } from './live.ts';
import { type Answer, type Page, type Visit, visitOf } from './page.ts';
import { pages } from './pages.ts';
import { SCRIPT } from './script.ts';
import { dropSid, showSignIn, sidOf, trySignIn } from './sign-in.ts';
import { STYLE } from './style.ts';

/** The operators' console: pages for those who are signed in. Returns false where there is no such page. */
export async function showConsole(runtime: Runtime, ctx: RequestContext): Promise<boolean> {
  const { path } = ctx;
  const page = pages[path];
  const file = files[path];
  if (path === LIVE) return showLive(runtime, ctx);
  if (page === undefined && file === undefined && !DOORS.includes(path)) return false;
  ctx.state.route = path;
  ctx.set('Content-Security-Policy', POLICY);
  if (file !== undefined) {
    answersOnly(ctx, 'GET');
    ctx.type = file.type;
    ctx.body = file.content;
  } else if (path === '/ops/sign-in') await enter(runtime, ctx);
  else if (path === '/ops/sign-out') await leave(runtime, ctx);
  else if (page !== undefined) await open(runtime, ctx, page);
  return true;
}

/** Who has the session of this request, if anybody. */
export async function signedIn(runtime: Runtime, ctx: RequestContext, isUse = true): Promise<Operator | null> {
  const sid = sidOf(ctx);
  return sid === null ? null : withinDeadline(findOperator(runtime, sid, { isUse }));
}

/** What the plots are drawn from. To look is not to use: a page that is left open does not stay signed in. */
async function showLive(runtime: Runtime, ctx: RequestContext): Promise<true> {
  ctx.state.route = LIVE;
  answersOnly(ctx, 'GET');
  if ((await signedIn(runtime, ctx, false)) === null) throw new DomainError('UNAUTHORIZED');
  ctx.body = { status: 'OK', moments: await withinDeadline(runtime.use(openMoments).read()) };
  return true;
}
const LIVE = '/ops/live';

const DOORS = ['/ops/sign-in', '/ops/sign-out'];

const files: Readonly<Record<string, { type: string; content: string }>> = {
  '/ops/console.css': { type: 'text/css', content: STYLE },
  '/ops/console.js': { type: 'text/javascript', content: SCRIPT },
};

/** Nothing inline, and nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

async function enter(runtime: Runtime, ctx: RequestContext): Promise<void> {
  answersOnly(ctx, 'GET', 'POST');
  if (ctx.method === 'GET') {
    if ((await signedIn(runtime, ctx)) !== null) return goTo(ctx, '/ops');
    return showSignIn(runtime, ctx);
  }
  await trySignIn(runtime, ctx, await formOf(ctx));
}

async function leave(runtime: Runtime, ctx: RequestContext): Promise<void> {
  answersOnly(ctx, 'POST');
  const sid = sidOf(ctx) ?? '';
  const fields = await formOf(ctx);
  if (isFormToken(runtime, sid, String(fields.get('token') ?? ''))) {
    await withinDeadline(signOut(runtime, sid));
    dropSid(runtime, ctx);
  }
  goTo(ctx, '/ops/sign-in');
}

async function open(runtime: Runtime, ctx: RequestContext, page: Page): Promise<void> {
  answersOnly(ctx, ...(page.act === undefined ? ['GET'] : ['GET', 'POST']));
  const operator = await signedIn(runtime, ctx);
  const sid = sidOf(ctx);
  if (operator === null || sid === null) return goTo(ctx, '/ops/sign-in');
  const isForm = ctx.method === 'POST';
  const fields = isForm ? await formOf(ctx) : queryOf(ctx);
  const visit = visitOf({ runtime, operator, token: formTokenOf(runtime, sid) }, fields);
  const answer = await answerOf();
  if ('goTo' in answer) return goTo(ctx, answer.goTo);
  if (answer.status === 403) ctx.state.answered = 'FORBIDDEN';
  drawPage(ctx, answer, { operator, token: visit.token });

  async function answerOf(): Promise<Answer> {
    if (!isForm || page.act === undefined) return withinDeadline(page.show(visit));
    if (!isFormToken(runtime, sid ?? '', visit.field('token')))
      return forbidden('This form is too old, or came from elsewhere. Nothing was done.');
    if (!mayAct(visit.operator.role, page.act.needs))
      return forbidden(`This takes the role ${page.act.needs}; yours is ${visit.operator.role}. Nothing was done.`);
    return page.act.run(visit);
  }
}

/** Who looks at a page beside the console's own, for its frame; null for who came with a password. */
export async function visitorOf(runtime: Runtime, ctx: RequestContext): Promise<Visitor | null> {
  const sid = sidOf(ctx);
  const operator = await signedIn(runtime, ctx);
  if (operator === null || sid === null) return null;
  return { operator, token: visitOf({ runtime, operator, token: formTokenOf(runtime, sid) }, new Map()).token };
}
type Visitor = Pick<Visit, 'operator' | 'token'>;

export function drawPage(
  ctx: RequestContext,
  answer: { title: string; main: Html; status?: number },
  visitor: Visitor | null,
): void {
  ctx.set('Content-Security-Policy', POLICY);
  ctx.status = answer.status ?? 200;
  ctx.type = 'html';
  ctx.body = frame(answer, visitor === null ? null : { ...visitor, path: ctx.path });
}

function forbidden(why: string): Answer {
  return { title: 'Not allowed', status: 403, main: html`<p class="note" role="alert">${why}</p>` };
}

function goTo(ctx: RequestContext, place: string): void {
  ctx.status = 303;
  ctx.set('Location', place);
}

async function formOf(ctx: RequestContext): Promise<FieldMap> {
  return readFields({ query: '', body: await readBody(ctx.req), contentType: ctx.req.headers['content-type'] });
}

function queryOf(ctx: RequestContext): FieldMap {
  return readFields({ query: ctx.querystring, body: Buffer.alloc(0), contentType: undefined });
}
