import { expect } from 'chai';
import { readPairs } from '../../../engine/rules/pairs.ts';

const phones = { defaultRegion: 'US', allowedCountries: ['US', 'CA'] };

describe('names and numbers as people write them down', () => {
  const lists: [what: string, typed: string, read: string, wrong?: string[]][] = [
    ['a bullet', '- Ann Lee 6155551004', 'Ann Lee 4'],
    ['a star and a space', 'Bo 6155551003\n* Ann Lee 6155551004', 'Bo 3, Ann Lee 4'],
    ['a number with a full stop', '1. Ann Lee 6155551004\n2. Bo 6155551005', 'Ann Lee 4, Bo 5'],
    ['a number with a bracket', '1) Ann Lee 6155551004\n(2) Bo 6155551005', 'Ann Lee 4, Bo 5'],
    ['a number without a space', '1.Ann Lee 6155551004', 'Ann Lee 4'],
    ['a round bullet', '•Ann Lee 6155551004\n• Bo 6155551005', 'Ann Lee 4, Bo 5'],
    ['a check box', '☐ Ann Lee 6155551004\n[x] Bo 6155551005', 'Ann Lee 4, Bo 5'],
    ['a keycap', '1️⃣ Ann Lee 6155551004', 'Ann Lee 4'],
    ['a dash between', 'Ann Lee - 615-555-1004', 'Ann Lee 4'],
    ['a long dash between', 'Ann Lee – 615-555-1004', 'Ann Lee 4'],
    ['a colon between', 'Ann Lee: 615-555-1004', 'Ann Lee 4'],
    ['a label before', 'Ann Lee cell: 615-555-1004', 'Ann Lee 4'],
    ['a label behind', 'Ann Lee 615-555-1004 (mobile)', 'Ann Lee 4'],
    ['first and last name apart', 'Ann,Lee,6155551004\nBo,Ray,6155551005', 'Ann Lee 4, Bo Ray 5'],
    ['three columns of names', 'Ann,Mae,Lee,6155551004', 'Ann Mae Lee 4'],
    ['an address of email', 'Ann,Lee,ann@example.org,6155551004', 'Ann Lee 4'],
    ['headings', 'First Name,Last Name,Phone\nAnn,Lee,6155551004', 'Ann Lee 4'],
    ['Spanish headings', 'Nombre,Apellido,Teléfono\nAnn,Lee,6155551004', 'Ann Lee 4'],
    ['a Spanish "and"', 'Ann Lee 6155551004, y Bo 6155551005', 'Ann Lee 4, Bo 5'],
    [
      'French headings and labels',
      'Prénom,Nom,Numéro\nAnn,Lee,6155551004\nBo portable: 615-555-1005',
      'Ann Lee 4, Bo 5',
    ],
    ['headings without commas', 'Name Number\nAnn Lee 6155551004', 'Ann Lee 4'],
    ['the number first', '6155551004,Ann,Lee\n6155551005, Bo, Ray', 'Ann Lee 4, Bo Ray 5'],
    ['rows whose lines are lost', 'Ann, Lee, 6155551004, Bo, Ray, 6155551005', 'Ann Lee 4, Bo Ray 5'],
    ['numbers and names by turns', '6155551004, Ann, 6155551005, Bo', 'Ann 4, Bo 5'],
    ['cells in quotes', '"Ann","Lee","6155551004"', 'Ann Lee 4'],
    ['a name and a number on two lines', 'Ann Lee\n6155551004\nBo\n6155551005', 'Ann Lee 4, Bo 5'],
    ['a name that begins with a number', '7th Grade Ann 6155551004', '7th Grade Ann 4'],
    ['a star that is no bullet', '*Ann 6155551004', '*Ann 4'],
    ['a row without a number', 'Ann,Lee,6155551004\nBo,Ray,none yet', 'Ann Lee 4', ['Bo', 'Ray', 'none yet']],
    ['a greeting', 'Here they are\nAnn Lee 6155551004', 'Ann Lee 4', ['Here they are']],
  ];
  for (const [what, typed, read, wrong = []] of lists) {
    it(`are read with ${what}`, () => {
      const found = readPairs(typed, phones);
      expect(found.pairs.map(({ name, phone }) => `${name} ${phone.slice(-1)}`).join(', ')).to.equal(read);
      expect(found.wrong).to.deep.equal(wrong);
    });
  }
});
