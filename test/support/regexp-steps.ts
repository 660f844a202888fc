import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** Runs a pattern on a text from a place on. Returns where it matched, and how many steps a backtracking engine takes. */
export function runPattern(pattern: RegExp, text: string, from: number): { at: number; end: number; steps: number } {
  const matcher = matcherOf(pattern);
  const run: Run = { text, steps: 0 };
  const last = pattern.sticky ? from : text.length;
  for (let at = from; at <= last; at += widthAt(text, at, pattern.unicode)) {
    step(run);
    const end = matcher(run, at, (place) => place);
    if (end !== NO_MATCH) return { at, end, steps: run.steps };
  }
  return { at: NO_MATCH, end: NO_MATCH, steps: run.steps };
}

type Run = { text: string; steps: number };
/** Where the rest of the pattern ends if it matches from here on. */
type Rest = (at: number) => number;
type Matcher = (run: Run, at: number, rest: Rest) => number;
type CharacterTest = (character: string) => boolean;

const NO_MATCH = -1;
/** A pattern that takes longer hangs. */
const MOST_STEPS = 20_000_000;

function step(run: Run): void {
  run.steps++;
  if (run.steps > MOST_STEPS) throw new Error(`a pattern takes more than ${MOST_STEPS} steps`);
}

const parser = new RegExpParser();
const matchers = new Map<string, Matcher>();

function matcherOf(pattern: RegExp): Matcher {
  const key = String(pattern);
  const known = matchers.get(key);
  if (known !== undefined) return known;
  const parsed = parser.parsePattern(pattern.source, undefined, undefined, { unicode: pattern.unicode });
  const made = alternatives(parsed.alternatives, pattern);
  matchers.set(key, made);
  return made;
}

function alternatives(all: readonly AST.Alternative[], pattern: RegExp): Matcher {
  const ways = all.map((one) => sequence(one.elements.map((element) => elementMatcher(element, pattern))));
  const [only] = ways;
  if (ways.length === 1 && only !== undefined) return only;
  return (run, at, rest) => {
    for (const way of ways) {
      step(run);
      const end = way(run, at, rest);
      if (end !== NO_MATCH) return end;
    }
    return NO_MATCH;
  };
}

function sequence(parts: readonly Matcher[]): Matcher {
  return parts.reduceRight<Matcher>(
    (later, part) => (run, at, rest) => part(run, at, (next) => later(run, next, rest)),
    (_, at, rest) => rest(at),
  );
}

function elementMatcher(element: AST.Element, pattern: RegExp): Matcher {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return alternatives(element.alternatives, pattern);
    case 'Quantifier':
      return repetition(element, pattern);
    case 'Assertion':
      return assertion(element, pattern);
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      return character(characterTest(element, pattern), pattern);
    default:
      throw new Error(`the steps of ${pattern} cannot be counted: ${element.raw}`);
  }
}

function assertion(element: AST.Assertion, pattern: RegExp): Matcher {
  if (element.kind === 'lookbehind') throw new Error(`the steps of ${pattern} cannot be counted: ${element.raw}`);
  if (element.kind === 'lookahead') {
    const ahead = alternatives(element.alternatives, pattern);
    return (run, at, rest) =>
      (ahead(run, at, (place) => place) === NO_MATCH) === element.negate ? rest(at) : NO_MATCH;
  }
  // One place is looked at, so the engine itself may say whether it holds there.
  const holds = new RegExp(element.raw, `${pattern.flags.replace(/[gdy]/g, '')}y`);
  return (run, at, rest) => {
    step(run);
    holds.lastIndex = at;
    return execOf(holds, run.text) === null ? NO_MATCH : rest(at);
  };
}

function character(test: CharacterTest, { unicode }: RegExp): Matcher {
  return (run, at, rest) => {
    step(run);
    const end = at + widthAt(run.text, at, unicode);
    return at < run.text.length && test(run.text.slice(at, end)) ? rest(end) : NO_MATCH;
  };
}

type Times = { min: number; max: number; greedy: boolean };

function repetition(quantifier: AST.Quantifier, pattern: RegExp): Matcher {
  const { element, min, max, greedy } = quantifier;
  if (element.type === 'Character' || element.type === 'CharacterSet' || element.type === 'CharacterClass')
    return repeated(characterTest(element, pattern), { min, max, greedy }, pattern);
  const once = elementMatcher(element, pattern);
  const again =
    (done: number): Matcher =>
    (run, at, rest) => {
      step(run);
      const more = () =>
        done >= max
          ? NO_MATCH
          : once(run, at, (next) => (next === at && done >= min ? NO_MATCH : again(done + 1)(run, next, rest)));
      if (done < min) return more();
      if (!greedy) {
        const end = rest(at);
        return end === NO_MATCH ? more() : end;
      }
      const end = more();
      return end === NO_MATCH ? rest(at) : end;
    };
  return again(0);
}

/** A character some times over: a loop, because a recursion of 10,000 would not fit on the stack. */
function repeated(test: CharacterTest, { min, max, greedy }: Times, { unicode }: RegExp): Matcher {
  return (run, start, rest) => {
    let at = start;
    let done = 0;
    const take = (): boolean => {
      step(run);
      const width = widthAt(run.text, at, unicode);
      if (at >= run.text.length || done >= max || !test(run.text.slice(at, at + width))) return false;
      at += width;
      done++;
      return true;
    };
    while (done < min) if (!take()) return NO_MATCH;
    if (!greedy) {
      for (;;) {
        const end = rest(at);
        if (end !== NO_MATCH || !take()) return end;
      }
    }
    const places = [at];
    while (take()) places.push(at);
    for (const place of places.reverse()) {
      step(run);
      const end = rest(place);
      if (end !== NO_MATCH) return end;
    }
    return NO_MATCH;
  };
}

/** What one character matches is asked of the engine itself, once a character. */
function characterTest({ raw }: AST.QuantifiableElement, pattern: RegExp): CharacterTest {
  const alone = new RegExp(`^(?:${raw})$`, pattern.flags.replace(/[gdmy]/g, ''));
  const known = new Map<string, boolean>();
  return (character) => {
    const before = known.get(character);
    if (before !== undefined) return before;
    const matches = execOf(alone, character) !== null;
    known.set(character, matches);
    return matches;
  };
}

function widthAt(text: string, at: number, unicode: boolean): number {
  return unicode && (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

const { exec } = RegExp.prototype;

/** The engine's own, no matter who watches `exec` meanwhile. */
export function execOf(pattern: RegExp, text: string): RegExpExecArray | null {
  return exec.call(pattern, text);
}
