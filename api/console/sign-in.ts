import { formTokenOf, isFormToken, signIn } from '../../engine/people/operators.ts';
import { newSid } from '../../engine/people/secrets.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { clientAddress } from '../address.ts';
import type { FieldMap } from '../fields.ts';
import { html } from '../html.ts';
import type { RequestContext } from '../step.ts';
import { frame } from './frame.ts';

/** The page to sign in. Its form belongs to a cookie of its own, so that no other site can sign anybody in. */
export function showSignIn(runtime: Runtime, ctx: RequestContext, wrong = ''): void {
  const sid = newSid();
  setSid(runtime, ctx, sid);
  ctx.type = 'html';
  ctx.body = frame({ title: 'Sign in', main: form(formTokenOf(runtime, sid), wrong) }, null);
}

/** Signs in, or shows the page again with what was wrong. */
export async function trySignIn(runtime: Runtime, ctx: RequestContext, fields: FieldMap): Promise<void> {
  const field = (name: string) => String(fields.get(name) ?? '');
  if (!isFormToken(runtime, sidOf(ctx) ?? '', field('token'))) {
    refuse(ctx, 403, 'FORBIDDEN');
    return showSignIn(runtime, ctx, 'This page was too old, or cookies are off. Try again.');
  }
  const name = field('name').trim().toLowerCase().slice(0, 100);
  const password = field('password').slice(0, 300);
  const address = clientAddress(ctx.req, { trustProxy: runtime.config.TRUST_PROXY });
  try {
    const sid = await signIn(runtime, { name, password, address });
    if (sid !== null) {
      setSid(runtime, ctx, sid);
      ctx.status = 303;
      ctx.set('Location', '/ops');
      return;
    }
  } catch (error) {
    if (!(error instanceof DomainError) || error.subtype !== 'limit') throw error;
    refuse(ctx, 503, 'UNAVAILABLE');
    ctx.set('Retry-After', String(error.retryAfter ?? 1));
    return showSignIn(runtime, ctx, 'Too many wrong tries. Wait 15 minutes.');
  }
  refuse(ctx, 401, 'UNAUTHORIZED');
  showSignIn(runtime, ctx, 'This name and password do not belong together.');
}

export function sidOf(ctx: RequestContext): string | null {
  return ctx.cookies.get(COOKIE) || null;
}

export function dropSid(runtime: Runtime, ctx: RequestContext): void {
  setSid(runtime, ctx, '');
}

const COOKIE = 'ops-session';

/** Sent to the console alone, never by a link or form of another site, never to scripts, and over https where that is used. */
function setSid({ config }: Runtime, ctx: RequestContext, sid: string): void {
  const secure = config.PUBLIC_URL.startsWith('https:') ? '; Secure' : '';
  const end = sid === '' ? '; Max-Age=0' : '';
  ctx.set('Set-Cookie', `${COOKIE}=${sid}; Path=/ops; HttpOnly; SameSite=Strict${secure}${end}`);
}

function refuse(ctx: RequestContext, status: number, token: string): void {
  ctx.status = status;
  ctx.state.answered = token;
}

function form(token: string, wrong: string) {
  return html`${wrong === '' ? '' : html`<p class="note" role="alert">${wrong}</p>`}
<form class="stack" method="post" action="/ops/sign-in">
<input type="hidden" name="token" value="${token}">
<label>Name <input name="name" required autocomplete="username" autocapitalize="none" spellcheck="false"></label>
<label>Password <input name="password" type="password" required autocomplete="current-password"></label>
<button>Sign in</button>
</form>
<p class="faint">The name <code>ops</code> has the password of the settings. Others are made by <code>admin operator add</code>.</p>`;
}
