import type { Push } from '../rules/push.ts';

/**
 * What the engine asks of a push service. One service is one file beside this one; a new one is a new file, a row in
 * open.ts and one in rules/devices.ts.
 */
export type Pusher = {
  /** Alerts one device. Never throws: whatever happens is one of the verdicts, and comes before the deadline. */
  push(alert: Alert): Promise<PushVerdict>;
  /** Ends the connections. */
  close(): void;
};

export type Alert = {
  /** The device’s, as its app registered it. */
  token: string;
  push: Push;
  /** The same key again replaces what a device shows already; at most 64 bytes. */
  key: string;
  /** Epoch milliseconds: an answer that is not here by then is not waited for. */
  deadline: number;
};

/**
 * taken: the service has it. gone: it knows no such device any more. refused: it will not, or cannot now. unsure: the
 * connection broke, and it may have it or not. late: it has not answered in time. Reasons name no token and no text.
 */
export type PushVerdict = { kind: 'taken' } | { kind: 'gone' | 'refused' | 'unsure' | 'late'; reason: string };

/** The service’s own word for an error, fit for a log: one short word or nothing. */
export function wordOf(said: unknown): string {
  return typeof said === 'string' && /^\w{1,60}$/.test(said) ? said : '';
}

/** Empty for what is no JSON object, such as a proxy’s page. */
export function objectIn(body: string): { [name: string]: unknown } {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
