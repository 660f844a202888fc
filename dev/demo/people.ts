import { randomInt } from 'node:crypto';

/** One member's handset; `number` is the group's number as this member knows it, learnt from the first text. */
export type Person = { name: string; phone: string; number?: string };
export type Crowd = { name: string; creator: Person; others: Person[] };

const names = ['Alice', 'Bob', 'Carol', 'Dave', 'Erin', 'Frank', 'Grace', 'Heidi', 'Ivan', 'Judy', 'Kim', 'Leo', 'Mia'];

const FIRST_PHONE = 2_000_000;
const PHONES = 8_000_000;
/**
 * From one phone to the next. More than 10,000, so that neighbours differ in more than their last 4 digits and no prefix's
 * budget is used up; without a common divisor with PHONES, so that all phones come before one comes again.
 */
const STEP = 10_007;

/** Groups of people whose phones nobody had before: +1 444 is not assigned, and the numbers start anywhere in it. */
export function gatherPeople(options: { groups: number; members: number; run: string }): Crowd[] {
  const size = options.members + 1;
  let place = randomInt(PHONES);
  return Array.from({ length: options.groups }, (_, group) => {
    const people = Array.from({ length: size }, (_, at) => {
      place = (place + STEP) % PHONES;
      return { name: `${names[at % names.length]} ${at + 1}`, phone: `+1444${FIRST_PHONE + place}` };
    });
    const [creator = { name: '', phone: '' }, ...others] = people;
    return { name: `Demo ${options.run} ${group + 1}`, creator, others };
  });
}

/** What `/group/create` wants to know of them. */
export function createForm({ name, creator, others }: Crowd): Record<string, string> {
  const form: Record<string, string> = { group: name, name: creator.name, number: creator.phone };
  others.forEach((person, at) => {
    form[`name_${at}`] = person.name;
    form[`number_${at}`] = person.phone;
  });
  return form;
}
