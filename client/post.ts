export type Connection = { url: string; token: string | null; retries: number; fetch: typeof fetch };
export type RepeatedCall = { url: string; repeat: 'read' | 'key' | 'never' };

/** An answer that is none of the API's: a proxy's page, or JSON that says neither OK nor ERROR. */
export class UnexpectedAnswer extends Error {
  override name = 'UnexpectedAnswer';
  readonly http: number;

  constructor(http: number, said: string) {
    super(`HTTP ${http} and no answer of the API: ${said.slice(0, 200)}`);
    this.http = http;
  }
}

/** Makes a call, again where that does no harm. */
export async function post(
  connection: Connection,
  call: RepeatedCall,
  fields: Record<string, unknown>,
  { signal }: { signal?: AbortSignal | undefined },
): Promise<object> {
  const body = JSON.stringify(call.repeat === 'key' ? { idempotency_key: crypto.randomUUID(), ...fields } : fields);
  for (let tried = 0; ; tried++) {
    const mayRepeat = tried < connection.retries;
    try {
      const response = await ask(connection, call.url, { body, signal });
      // After 503 nothing has been done.
      if (response.status !== 503 || !mayRepeat) return await answerOf(response);
      const seconds = Number(response.headers.get('retry-after') ?? 1);
      if (seconds > LONGEST_WAIT_S) return await answerOf(response);
      await response.body?.cancel();
      await wait(seconds * 1_000, signal);
    } catch (error) {
      if (signal?.aborted || !mayRepeat || call.repeat === 'never' || error instanceof UnexpectedAnswer) throw error;
      await wait(FIRST_WAIT_MS * 2 ** tried, signal);
    }
  }
}

/** Floods have to wait for longer: that is for the caller to say. */
const LONGEST_WAIT_S = 30;
const FIRST_WAIT_MS = 250;

function ask(
  { url, token, fetch }: Connection,
  path: string,
  { body, signal }: { body: string; signal: AbortSignal | undefined },
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...authorization(token) },
    body,
    signal: signal ?? null,
  });
}

export function authorization(token: string | null): Record<string, string> {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

async function answerOf(response: Response): Promise<object> {
  const text = await response.text();
  const answer = parsed(text);
  if (typeof answer === 'object' && answer !== null && 'status' in answer) return answer;
  throw new UnexpectedAnswer(response.status, text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits, or throws the reason of the signal once it is aborted. */
export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      signal?.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
