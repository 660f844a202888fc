import { type Fault, type FaultKind, faultKinds, isFaultKind, type Stage } from './faults.ts';
import { classOf } from './number-class.ts';

export type FaultRules = ReturnType<typeof openFaultRules>;
type Rule = Fault & { hits: number };

/** The faults in force. The same seed and the same calls give the same faults. */
export function openFaultRules(seed: number) {
  const random = seededRandom(seed);
  let rules: Rule[] = [];

  return {
    add(fault: Fault): Fault {
      const rule = { ...fault, hits: 0 };
      rules.push(rule);
      return rule;
    },
    /** Lifts the faults of one kind, or all. */
    clear(kind?: string): void {
      rules = kind === undefined ? [] : rules.filter((rule) => rule.kind !== kind);
    },
    list: (): readonly Rule[] => rules,
    /**
     * The first fault that strikes a text between this phone and this number of the account now, if any; striking uses
     * up one of its times.
     */
    pick<S extends Stage>(stage: S, phone: string, number: string): (Fault & { row: RowOf<S> }) | undefined {
      if (rules.length === 0) return undefined;
      for (const rule of rules) {
        const row = faultKinds[rule.kind];
        if (row.stage !== stage || (rule.phone !== undefined && rule.phone !== phone)) continue;
        if (rule.number !== undefined && rule.number !== number) continue;
        if ('onlyLong' in row && classOf(number) !== 'long') continue;
        if (rule.times !== undefined && rule.hits >= rule.times) continue;
        if (rule.probability !== undefined && random() >= rule.probability) continue;
        rule.hits += 1;
        return { ...rule, row: row as RowOf<S> };
      }
      return undefined;
    },
  };
}

type RowOf<S extends Stage> = Extract<(typeof faultKinds)[FaultKind], { stage: S }>;

/** Reads a fault that came as JSON; a string says what is wrong with it. */
export function readFault(asked: Record<string, unknown>): Fault | string {
  const { kind } = asked;
  if (!isFaultKind(kind)) return `kind must be one of: ${Object.keys(faultKinds).join(', ')}`;
  const fault: Fault = { kind };
  for (const [name, value] of Object.entries(asked)) {
    if (name === 'kind') continue;
    const wanted = fields[name];
    if (!wanted) return `${name} is unknown; a fault has kind, ${Object.keys(fields).join(', ')}`;
    if (typeof value !== wanted || (typeof value === 'number' && !(value >= 0))) return `${name} must be a ${wanted}`;
    Object.assign(fault, { [name]: value });
  }
  return fault;
}

const fields: Record<string, 'string' | 'number'> = {
  phone: 'string',
  number: 'string',
  times: 'number',
  probability: 'number',
  ms: 'number',
  code: 'string',
  retryAfter: 'number',
};

/** Mulberry32: small, fast and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
