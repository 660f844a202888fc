import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { TestCard } from './cards.ts';

/** Stripe’s objects, as far as they are used. */
export type Method = {
  id: string;
  object: 'payment_method';
  type: 'card';
  created: number;
  customer: string | null;
  card: { brand: string; last4: string; exp_month: number; exp_year: number };
  billing_details: { email: string | null; address: { postal_code: string | null } };
};
export type Customer = { id: string; object: 'customer'; created: number; email: string | null };
export type Intent = {
  id: string;
  object: 'payment_intent';
  created: number;
  amount: number;
  amount_received: number;
  amount_refunded: number;
  failed_late: boolean;
  currency: string;
  customer: string | null;
  payment_method: string | null;
  setup_future_usage: string | null;
  status: 'requires_payment_method' | 'requires_confirmation' | 'succeeded' | 'canceled';
  last_payment_error: object | null;
  latest_charge: string | null;
};

export type Refund = AboutIntent & { object: 'refund'; status: 'succeeded' | 'failed' };
export type Dispute = AboutIntent & { object: 'dispute'; status: 'needs_response' | 'won' | 'lost' };
type AboutIntent = {
  id: string;
  created: number;
  amount: number;
  currency: string;
  payment_intent: string;
  charge: string | null;
};

type State = {
  methods: Record<string, Method>;
  customers: Record<string, Customer>;
  intents: Record<string, Intent>;
  refunds: Record<string, Refund>;
  disputes: Record<string, Dispute>;
  /** What a bank says of each payment method. */
  cards: Record<string, TestCard>;
};

export type Store = State & { newId(prefix: string): string; save(): void };

/** Everything in memory, and in a file where one is named, so that a restart forgets no customer. */
export function openStore(file: string | undefined): Store {
  const empty: State = { methods: {}, customers: {}, intents: {}, refunds: {}, disputes: {}, cards: {} };
  const state: State =
    file !== undefined && existsSync(file) ? { ...empty, ...(JSON.parse(readFileSync(file, 'utf8')) as State) } : empty;
  return {
    ...state,
    newId: (prefix) => `${prefix}_${randomBytes(12).toString('hex')}`,
    save() {
      if (file === undefined) return;
      writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}
