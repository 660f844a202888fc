/**
 * What may be spent on free texts. A text that an owner's account does not pay is free to everybody but the operator. One
 * to a phone that never texted us and never logged in, which is not *proven*, is a first text: each is taken from every
 * budget of the one who caused it and of whom it reaches, or it does not go out.
 */

/** Who caused a text of ours. A caller without a session is told by their address, and refused with a token beyond a budget. */
export type Cause =
  | { by: 'stranger'; address: string; refusedWith: 'THROTTLE' | 'TOO_MANY_PENDING_GROUPS' | 'UNAVAILABLE' }
  | { by: 'member'; personId: number }
  | { by: 'system' };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The time that each budget counts back from now, in ms. */
export const budgetWindows = {
  phone: DAY_MS,
  phoneMonth: 30 * DAY_MS,
  address: HOUR_MS,
  network: HOUR_MS,
  member: DAY_MS,
  prefix: HOUR_MS,
  hour: HOUR_MS,
} as const satisfies Record<string, number>;
export type Budget = keyof typeof budgetWindows;
export const budgetNames = Object.keys(budgetWindows) as Budget[];

/** What is limited by the hour because thieves try cards: those that are saved, and charges that are declined. */
export const cardTries = ['cards', 'declines'] as const;
export type CardTry = (typeof cardTries)[number];

export type BudgetSettings = {
  readonly FIRST_TEXTS_PER_PHONE: number;
  readonly FIRST_TEXTS_PER_ADDRESS: number;
  readonly FIRST_TEXTS_PER_MEMBER: number;
  readonly FIRST_TEXTS_PER_PREFIX: number;
  readonly FIRST_TEXTS_PER_HOUR: number;
};

/** Returns how many texts each budget holds; 0 is no limit. */
export function limitsOf(settings: BudgetSettings, { isTrial }: { isTrial: boolean }): Record<Budget, number> {
  const { FIRST_TEXTS_PER_PHONE: phone, FIRST_TEXTS_PER_ADDRESS: address, FIRST_TEXTS_PER_MEMBER: member } = settings;
  return {
    phone,
    phoneMonth: phone === 0 ? 0 : Math.max(phone, PER_PHONE_AND_MONTH),
    address,
    network: address * NETWORK_FACTOR,
    member: member * (isTrial ? 1 : PAID_FACTOR),
    prefix: settings.FIRST_TEXTS_PER_PREFIX,
    hour: settings.FIRST_TEXTS_PER_HOUR,
  };
}

/** From the contract. */
const PER_PHONE_AND_MONTH = 10;
export const NETWORK_FACTOR = 4;
const PAID_FACTOR = 4;

/** A first text, by the subject of each budget that it is taken from; null where a budget does not concern it. */
export type FirstText = {
  subjects: Readonly<Record<Budget, string | null>>;
  limits: Readonly<Record<Budget, number>>;
};

/** What was taken from a budget within its time, and when the oldest of it was. */
export type Taken = { count: number; oldest: number };
export type TakenOf = (budget: Budget, subject: string) => Taken | undefined;

/** A budget without room, and when it has some again, in epoch milliseconds. */
export type Empty = { budget: Budget; roomAt: number };

/**
 * Takes each text, in their order, from all of its budgets, or from none where one of them is empty. Returns the empty
 * budget with the latest room of each text, or null for one that may go out.
 */
export function takeFirstTexts(texts: readonly FirstText[], takenOf: TakenOf, now: number): (Empty | null)[] {
  const added = new Map<string, number>();
  return texts.map((text) => {
    const parts = budgetNames.flatMap((budget) => {
      const subject = text.subjects[budget];
      return subject === null || text.limits[budget] === 0 ? [] : [{ budget, subject, key: `${budget} ${subject}` }];
    });
    const empty = parts.flatMap(({ budget, subject, key }): Empty[] => {
      const taken = takenOf(budget, subject);
      if ((taken?.count ?? 0) + (added.get(key) ?? 0) < text.limits[budget]) return [];
      return [{ budget, roomAt: (taken?.oldest ?? now) + budgetWindows[budget] }];
    });
    if (empty.length > 0) return empty.reduce((a, b) => (b.roomAt > a.roomAt ? b : a));
    for (const { key } of parts) added.set(key, (added.get(key) ?? 0) + 1);
    return null;
  });
}

/** Returns a phone without its last 4 digits. */
export function prefixOf(phone: string): string {
  return phone.slice(0, -4);
}

/** Returns the /48 of an IPv6 /64, which many networks of one customer may be; null for an IPv4 address. */
export function networkOf(address: string): string | null {
  return address.endsWith('::/64') ? `${address.split(':').slice(0, 3).join(':')}::/48` : null;
}
