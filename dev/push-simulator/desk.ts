import { setTimeout as sleep } from 'node:timers/promises';

/** What both simulated services share: the pushes that they took, the devices that are gone, and faults on demand. */
export type Desk = {
  readonly taken: readonly Taken[];
  /** What the next push to this device meets; null where nothing is wrong. */
  meet(token: string): FaultKind | null;
  take(push: Omit<Taken, 'at'>): void;
  /** The network between takes its time. */
  pass(): Promise<void>;
  fault(fault: Fault): void;
  clearFaults(): void;
};

export type Service = 'apns' | 'fcm';
export type Taken = {
  service: Service;
  token: string;
  title: string;
  text: string;
  /** What the app gets beside title and text. */
  extra: Readonly<Record<string, unknown>>;
  /** Two pushes of one key show as one. */
  key: string;
  at: Date;
};

const faultKinds = [
  /** An error of theirs, nothing was taken. */
  'refuse',
  /** Too many. */
  'throttle',
  /** No such device any more. */
  'gone',
  /** No device token at all. */
  'malformed',
  /** The client has to get a new access token. */
  'unauthorized',
  /** Taken, but the answer never comes. */
  'hang',
  /** Nothing taken, and no answer comes. */
  'ignore',
  /** The connection breaks, and nothing was taken. */
  'reset',
] as const;
export type FaultKind = (typeof faultKinds)[number];
/** For one device or any; a number of times, or until cleared. */
export type Fault = { kind: FaultKind; token?: string; times?: number };

export function openDesk({
  delayMs,
  onTaken = () => {},
}: {
  delayMs: number;
  onTaken?: ((push: Taken) => void) | undefined;
}): Desk {
  const taken: Taken[] = [];
  let faults: (Fault & { times: number })[] = [];
  return {
    taken,
    meet(token) {
      const fault = faults.find((one) => one.times > 0 && (one.token ?? token) === token);
      if (fault === undefined) return null;
      fault.times--;
      return fault.kind;
    },
    take(push) {
      const whole = { ...push, at: new Date() };
      taken.push(whole);
      onTaken(whole);
    },
    pass: () => (delayMs === 0 ? Promise.resolve() : sleep(delayMs)),
    fault({ kind, times = Number.POSITIVE_INFINITY, ...where }) {
      if (!faultKinds.includes(kind)) throw new Error(`there is no fault ${String(kind)}`);
      faults.push({ kind, times, ...where });
    },
    clearFaults() {
      faults = [];
    },
  };
}
