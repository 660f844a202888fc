import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type Asked, type Cell, choose, joinAnswers } from './choice.ts';

/**
 * Runs as `router.ts PORT CELLS`, CELLS being JSON: the one address that carriers and apps know, before a set of processes for each
 * primary. Passes each request on as it came, so that its signature holds, and writes a line for each that is answered by a 5xx.
 */
type Target = Cell & { name: string; port: number };
type Answer = { status: number; headers: IncomingMessage['headers']; body: Buffer };

const [port = '0', json = '[]'] = process.argv.slice(2);
const targets = JSON.parse(json) as readonly Target[];
const ANSWERED_WITHIN_MS = 25_000;
let turn = 0;

const server = createServer((req, res) => {
  const pieces: Buffer[] = [];
  req.on('data', (piece: Buffer) => pieces.push(piece));
  req.on('end', () => void answer(req, Buffer.concat(pieces), res));
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('the router listens\n'));

async function answer(req: IncomingMessage, body: Buffer, res: ServerResponse): Promise<void> {
  const asked = readAsked(req, body);
  if (asked.path === '/group/create') turn += 1;
  const { how, cells } = choose(asked, { cells: targets, turn });
  const chosen = cells.flatMap((at) => targets[at] ?? []);
  const { status, headers, body: said } = await (how === 'each' ? askEach : askInTurn)(req, { body, chosen });
  res.writeHead(status, { ...headers, 'content-length': said.length });
  res.end(said);
}

function readAsked(req: IncomingMessage, body: Buffer): Asked {
  const [path = '', query = ''] = (req.url ?? '').split('?');
  const { 'content-type': type = '', 'idempotency-key': key } = req.headers;
  return { path, query, type, body: body.toString(), repeatKey: typeof key === 'string' ? key : undefined };
}

type Asking = { body: Buffer; chosen: readonly Target[] };

/** Of all answers, joined; or the first that is no OK. */
async function askEach(req: IncomingMessage, { body, chosen }: Asking): Promise<Answer> {
  const answers = await Promise.all(chosen.map((target) => pass(req, { body, target })));
  const [first] = answers;
  const other = answers.find(({ status }) => status !== 200);
  if (first === undefined || other !== undefined) return other ?? NOBODY;
  const said = answers.map((one) => JSON.parse(one.body.toString()) as Record<string, unknown>);
  const wrong = answers.find((_, at) => said[at]?.status !== 'OK');
  return wrong ?? { ...first, body: Buffer.from(JSON.stringify(joinAnswers(said))) };
}

/** Asks the next one only where the one before does not know what is meant. */
async function askInTurn(req: IncomingMessage, { body, chosen }: Asking): Promise<Answer> {
  let last = NOBODY;
  for (const target of chosen) {
    last = await pass(req, { body, target });
    if (chosen.length === 1 || !last.body.includes('"NOT_FOUND"')) break;
  }
  return last;
}
const NOBODY: Answer = { status: 502, headers: {}, body: Buffer.alloc(0) };

/** A connection each, so that none is kept that ends just when something is sent on it. */
function pass(req: IncomingMessage, { body, target }: { body: Buffer; target: Target }): Promise<Answer> {
  return new Promise((resolve) => {
    const done = (answer: Answer) => {
      if (answer.status >= 500)
        process.stdout.write(`${Date.now()} ${target.name} ${req.url?.split('?')[0]} ${answer.status}\n`);
      resolve(answer);
    };
    const headers = { ...req.headers, connection: 'close', 'content-length': String(body.length) };
    delete headers['transfer-encoding'];
    const to = { host: '127.0.0.1', port: target.port, method: req.method, path: req.url, headers, agent: false };
    const passing = request({ ...to, timeout: ANSWERED_WITHIN_MS }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', () => done(NOBODY));
      response.on('end', () => {
        const { 'transfer-encoding': _, connection: __, ...kept } = response.headers;
        done({ status: response.statusCode ?? 502, headers: kept, body: Buffer.concat(pieces) });
      });
    });
    passing.on('timeout', () => passing.destroy(new Error('no answer')));
    passing.on('error', () => done(NOBODY));
    passing.end(body);
  });
}
