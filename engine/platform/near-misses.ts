import { nearest } from '../rules/distance.ts';
import { settings } from './settings.ts';

/** A line for each variable that is no setting and is written much like one: what is misspelt has no effect, in silence. */
export function nearMissesIn(env: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(settings).flatMap((name) => [name, `${name}_FILE`]);
  return Object.keys(env).flatMap((name) => {
    if (names.includes(name) || name.length < SHORTEST || !/^[A-Z][A-Z0-9_]*$/.test(name)) return [];
    const alike = names.filter(({ length }) => Math.abs(length - name.length) <= MOST_CHANGES);
    const like = nearest(name, alike, (one) => one);
    if (like === null || like.distance > MOST_CHANGES) return [];
    return [`${name} is no setting and has no effect: is ${like.of} meant?`];
  });
}

/** Shorter ones are like too many: HOST and PORT are settings. */
const SHORTEST = 7;
/** Two letters that changed places. */
const MOST_CHANGES = 2;
