/** An answer of the provider’s that is an error; `error` is as Stripe words it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly error: { type: string; message: string; code?: string; [field: string]: unknown },
  ) {
    super(error.message);
  }
}

export function invalid(message: string, param: string): Refused {
  return new Refused(400, { type: 'invalid_request_error', message, param });
}

export function find<T>(table: Record<string, T>, id: string, what: string): T {
  const found = Object.hasOwn(table, id) ? table[id] : undefined;
  if (found === undefined)
    throw new Refused(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${what}` });
  return found;
}
