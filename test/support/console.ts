/** A browser without scripts, as far as the console needs one: it keeps the cookie and sends forms. */
export type ConsoleBrowser = {
  get(path: string): Promise<Seen>;
  /** Sends the form that is on the page at `from`, whose hidden token it takes. */
  post(path: string, fields: Record<string, string>, from?: string): Promise<Seen>;
  /** Sends a form of a page that is open already. */
  press(page: Seen, path: string, fields: Record<string, string>): Promise<Seen>;
  signIn(name: string, password: string): Promise<Seen>;
  cookie(): string;
};
/** `to`: where the browser is sent. */
export type Seen = { status: number; to: string | null; headers: Headers; html: string };

export function openConsoleBrowser(url: string, headers: Record<string, string> = {}): ConsoleBrowser {
  let cookie = '';
  async function ask(path: string, init: RequestInit = {}): Promise<Seen> {
    const answer = await fetch(`${url}${path}`, {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', ...headers, cookie },
    });
    for (const set of answer.headers.getSetCookie()) cookie = set.split(';')[0] ?? '';
    const { status } = answer;
    return { status, to: answer.headers.get('location'), headers: answer.headers, html: await answer.text() };
  }
  const browser: ConsoleBrowser = {
    get: (path) => ask(path),
    post: async (path, fields, from = path) => browser.press(await ask(from), path, fields),
    press({ html }, path, fields) {
      const [, token = ''] = /name="token" value="([^"]*)"/.exec(html) ?? [];
      return ask(path, { method: 'POST', body: new URLSearchParams({ token, ...fields }) });
    },
    signIn: (name, password) => browser.post('/ops/sign-in', { name, password }),
    cookie: () => cookie,
  };
  return browser;
}
