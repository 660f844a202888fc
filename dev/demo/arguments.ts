import { parseArgs } from 'node:util';

export type Asked = {
  members: number;
  messages: number;
  groups: number;
  concurrency: number;
  timeout: number;
  json: boolean;
  api?: string;
  simulator?: string;
};

const help = `Lets people text in groups of the running system, and counts what reaches whom.

  npm run demo -- [options]

  --members N       members of each group beside its creator (100)
  --messages N      texts in all, from random members (50)
  --groups N        groups (1)
  --concurrency N   texts on their way to the service at once (8)
  --timeout N       seconds to wait for the last delivery (120)
  --api URL         the service, if not the one that npm start runs
  --simulator URL   its carrier simulator, likewise
  --json            the result as JSON

Examples:
  npm run demo -- --members 100 --messages 50
  npm run demo -- --groups 20 --members 5 --messages 400 --concurrency 32
  npm run demo -- --members 10 --messages 5 --json

The exit code is 1 when a text was refused, a delivery is missing, came twice or went to the wrong handset, and
2 when the demo could not run.`;

/** Texts that one phone may send in a minute before the service takes it for a machine, with room to spare. */
const mostPerPhone = 25;

/** Reads the command line; prints the help or what is wrong with it, and ends the program then. */
export function readArguments(argv: string[]): Asked {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        members: { type: 'string', default: '100' },
        messages: { type: 'string', default: '50' },
        groups: { type: 'string', default: '1' },
        concurrency: { type: 'string', default: '8' },
        timeout: { type: 'string', default: '120' },
        api: { type: 'string' },
        simulator: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return stop(0, help);
    const asked: Asked = {
      members: count('members', values.members, 100_000),
      messages: count('messages', values.messages, 1_000_000),
      groups: count('groups', values.groups, 10_000),
      concurrency: count('concurrency', values.concurrency, 1_000),
      timeout: count('timeout', values.timeout, 86_400),
      json: values.json,
      ...(values.api ? { api: values.api } : {}),
      ...(values.simulator ? { simulator: values.simulator } : {}),
    };
    const most = mostPerPhone * asked.groups * (asked.members + 1);
    if (asked.messages <= most) return asked;
    return stop(2, `demo: so few people may send ${most} texts at most; ask for more --members or --groups`);
  } catch (error) {
    return stop(2, `demo: ${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

function count(name: string, raw: string, most: number): number {
  const value = Number(raw);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`--${name} must be a whole number from 1 to ${most}, not ${raw}`);
}

function stop(code: number, message: string): never {
  (code === 0 ? console.log : console.error)(message);
  process.exit(code);
}
