import { codePoints } from './names.ts';

/** More is no password, but work for the hash. */
const LONGEST = 200;
/** OWASP ASVS 5.0, 6.2.1. */
const SHORTEST = 8;

/** True for a password that is too short or too long, or among the first that everybody tries. */
export function isWeakPassword(password: string): boolean {
  const length = codePoints(password);
  if (length < SHORTEST || length > LONGEST) return true;
  const plain = password.toLowerCase();
  // One character again and again, or a number alone, such as a phone's.
  return common.has(plain) || new Set(plain).size === 1 || /^[\d\s+().-]+$/.test(plain);
}

/** Of the lists of passwords that were leaked most often, those of 8 characters and more that are no number alone. */
const common: ReadonlySet<string> = new Set(
  `password password1 password12 password123 password1234 password! p@ssword p@ssw0rd passw0rd passw0rd1 pa$$word
  qwertyui qwertyuiop qwerty123 qwerty1234 qwerty12345 qwerty123456 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 q1w2e3r4t5
  zaq12wsx zaq1zaq1 qazwsxedc asdfghjk asdfghjkl zxcvbnm1 zxcvbnm123 asdf1234 abcd1234 abcdefgh abc12345 abc123456
  a1b2c3d4 a1234567 a12345678 a123456789 1234567a 12345678a 123456789a 1234qwer 123456qwerty aa123456 aa12345678
  iloveyou iloveyou1 iloveyou2 sunshine sunshine1 princess princess1 football football1 baseball baseball1
  basketball superman superman1 spiderman batman123 starwars starwars1 pokemon1 trustno1 whatever whatever1
  welcome1 welcome123 welcome2024 welcome2025 changeme changeme1 letmein1 letmein123 default1 administrator admin123
  admin1234 adminadmin rootroot testtest test1234 test12345 testing123 secret12 secret123 computer internet
  michelle jennifer victoria danielle jonathan samantha benjamin alexander elizabeth nicholas charlotte christian
  mercedes corvette chocolate butterfly blink182 monkey123 dragon123 master123 shadow123 hello123 hello1234
  helloworld liverpool liverpool1 chelsea1 arsenal1 manchester barcelona midnight november december september
  summer2024 summer2025 winter2024 winter2025 spring2025 google123 facebook facebook1 minecraft roblox123 fuckyou1
  fuckyou2 asshole1 lovelove loveyou1 babygirl babygirl1 lovely123 jesus123 godisgood`
    .split(/\s+/)
    .filter(Boolean),
);
