import { Agent, type Dispatcher, request } from 'undici';

/** The answer did not come in time, or there was no time left to ask. */
export class Late extends Error {
  override name = 'Late';
}

/** HTTP to a service, where a deadline counts for the asking too. */
export type Timely = {
  /** Throws `Late`; any other error is the network’s. */
  post(request: TimelyPost): Promise<{ status: number; body: string }>;
  close(): void;
};
/** `deadline` in epoch milliseconds. */
export type TimelyPost = { url: string; headers: Record<string, string>; body: string; deadline: number };

export function openTimely(): Timely {
  const agent = new Agent();
  return {
    async post({ url, headers, body, deadline }) {
      const signal = AbortSignal.timeout(Math.max(1, deadline - Date.now()));
      try {
        const dispatcher = agent.compose(notAfter(deadline));
        const answer = await request(url, { method: 'POST', headers, body, signal, dispatcher });
        return { status: answer.statusCode, body: await answer.body.text() };
      } catch (error) {
        throw signal.aborted ? new Late('no answer in time') : error;
      }
    },
    close: () => void agent.close(),
  };
}

/**
 * A process that stood still looks at its connections before it looks at the time: what had waited for a connection
 * would be asked long after it was given up.
 */
function notAfter(deadline: number): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context);
        if (Date.now() >= deadline) controller.abort(new Late('not begun in time'));
      },
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}
