/** A fault that somebody asked for: for whom (nobody named: everybody) and how often. */
export type Fault = { phone?: string; times?: number } & (
  | { kind: 'refuse'; status: number; code: string; title: string }
  /** The final report says so; the handset never shows the text. */
  | { kind: 'lost'; status: 'delivery_failed' | 'sending_failed' | 'delivery_unconfirmed' | 'expired'; code?: string }
  | { kind: 'report_lost' }
  | { kind: 'webhook_doubled' }
  | { kind: 'webhook_forged' }
);
export type Faults = ReturnType<typeof openFaults>;

export function openFaults() {
  let faults: { fault: Fault; left: number }[] = [];
  return {
    add(fault: Fault): void {
      faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    clear(): void {
      faults = [];
    },
    /** The first that fits, used up once. */
    pick<K extends Fault['kind']>(phone: string, ...kinds: K[]): Extract<Fault, { kind: K }> | undefined {
      const fits = (fault: Fault): fault is Extract<Fault, { kind: K }> =>
        kinds.some((kind) => kind === fault.kind) && (fault.phone ?? phone) === phone;
      for (const one of faults) {
        if (one.left <= 0 || !fits(one.fault)) continue;
        one.left -= 1;
        return one.fault;
      }
      return undefined;
    },
  };
}
