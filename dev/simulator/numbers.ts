import type { Clock } from './clock.ts';
import { classOf, type NumberClass } from './number-class.ts';

export type Numbers = ReturnType<typeof openNumbers>;
/** What rules a text from a number. `barred` is the code that the carrier fails it with. */
export type Source = { kind: NumberClass; campaign: string | null; registered: boolean; mms: boolean; barred: string };
type Link = 'UNREGISTERED' | 'PROCESSING' | 'COMPLETED' | 'FAILED';
/** A number of the account. */
export type Rented = {
  number: string;
  appId: string | null;
  pending: boolean;
  campaign: string | null;
  link: Link;
  mms: boolean;
};
export type NumberOptions = {
  /** Numbers that the account has from the start, registered; without them every number is the account's. */
  numbers?: string[];
  /** The application that those are attached to; null, the default, is none. */
  application?: string | null;
  /** The 10DLC campaign that the long codes which were not bought here belong to; null is none. */
  campaign?: string | null;
  /** Milliseconds until a request to link a number to a campaign is decided, on the simulator's clock; 0. */
  linkMs?: number;
  /** Whether such a request is granted; true. */
  linkGranted?: boolean;
  /** What becomes of a text from a long code that is linked to no campaign: it costs more, or it fails with 40. */
  unlinked?: 'surcharged' | 'barred';
};

/**
 * The numbers of the account, and which campaign each belongs to. Sources: www.plivo.com/docs/messaging/api/10dlc/
 * number-linking.md (2026: "You must link a number to a campaign before using it to send messages"; PROCESSING,
 * COMPLETED, FAILED), plivo.com/docs/numbers/api/account-phone-number (UNREGISTERED), and the price page of 2026-04-01,
 * which charges more for unregistered numbers. Error 40: "not SMS-enabled, or not assigned to your Plivo account"
 * (plivo.com/docs/messaging/troubleshooting/error-codes).
 *
 * Assumptions: what an unregistered or pending number does today, since one page bars it and another charges for it,
 * and that a picture from a number without MMS fails with 40 as well.
 */
export function openNumbers(options: NumberOptions & { clock: Clock; timeScale: number }) {
  const {
    campaign = 'CSIMULATED',
    application = null,
    linkMs = 0,
    linkGranted = true,
    unlinked = 'surcharged',
  } = options;
  const account = new Map<string, Rented>();
  const released = new Set<string>();
  const bought: Rented[] = [];
  /** Asked for each text, so kept until a number changes. */
  const sources = new Map<string, Source>();
  for (const number of options.numbers ?? []) account.set(number, given(number));

  function given(number: string): Rented {
    const own = classOf(number) === 'long' ? campaign : null;
    return {
      number,
      appId: application,
      pending: false,
      campaign: own,
      link: own === null ? 'UNREGISTERED' : 'COMPLETED',
      mms: true,
    };
  }

  function sourceOf(number: string): Source {
    const known = sources.get(number);
    if (known) return known;
    const rented = account.get(number) ?? given(number);
    const kind = classOf(number);
    const registered = kind !== 'long' || rented.link === 'COMPLETED';
    const barred = rented.pending || (!registered && unlinked === 'barred') ? '40' : '';
    const source = { kind, campaign: registered ? rented.campaign : null, registered, mms: rented.mms, barred };
    if (sources.size < mostSources) sources.set(number, source);
    return source;
  }

  function change(rented: Rented, to: Partial<Rented>): void {
    Object.assign(rented, to);
    sources.clear();
  }

  async function decide(rented: Rented): Promise<void> {
    if (linkMs > 0 && !(await options.clock.wait(linkMs * options.timeScale))) return;
    if (rented.link === 'PROCESSING') change(rented, { link: linkGranted ? 'COMPLETED' : 'FAILED' });
  }

  return {
    sourceOf,
    bought: bought as readonly Rented[],
    all: (): readonly Rented[] => [...account.values()],
    get: (number: string): Rented | undefined => account.get(number),
    /** Whether the account may text from a number. */
    has: (number: string): boolean => (options.numbers ? account.has(number) : !released.has(number)),
    rent(wanted: Pick<Rented, 'number' | 'appId' | 'pending' | 'mms'>): Rented {
      const rented: Rented = { ...wanted, campaign: null, link: 'UNREGISTERED' };
      account.set(rented.number, rented);
      released.delete(rented.number);
      bought.push(rented);
      sources.clear();
      return rented;
    },
    release(number: string): void {
      account.delete(number);
      released.add(number);
      sources.clear();
    },
    /** The papers of a number that was pending are in order. */
    activate(number: string): void {
      const rented = account.get(number);
      if (rented) change(rented, { pending: false });
    },
    link(rented: Rented, to: string): void {
      change(rented, { campaign: to, link: 'PROCESSING' });
      void decide(rented);
    },
    unlink(rented: Rented): void {
      change(rented, { campaign: null, link: 'UNREGISTERED' });
    },
  };
}

const mostSources = 10_000;
