import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { readMysqlAddress } from '../db/mysql-address.ts';
import { showSteps } from './progress.mjs';
import { openStack, type Stack } from './stack/stack.ts';
import { onStopRequest } from './stop-request.ts';
import { findDatabaseTests } from './test/database-tests.ts';
import { runMocha } from './test/mocha.ts';

/** `npm run test:mysql`: all tests that touch a database, and a short fault run, on a real MySQL. */
const help = `Usage: npm run test:mysql [-- FILES AND MOCHA OPTIONS]

The server is the one of TEST_MYSQL_URL (an account that may create databases), else one of this machine's that is found
or fetched as \`npm start\` does it, and thrown away. Examples:
  npm run test:mysql
  npm run test:mysql -- test/engine/delivery
  TEST_MYSQL_URL=mysql://USER:PASSWORD@HOST:3306/ npm run test:mysql
`;

const root = process.cwd();
const args = process.argv.slice(2);
const steps = showSteps();
const stop = new AbortController();

if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help);
} else {
  onStopRequest(
    () => stop.abort(),
    () => process.exit(130), // The guard removes the servers.
  );
  const { passed, failed } = await test();
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

async function test(): Promise<{ passed: number; failed: number }> {
  let stack: Stack | undefined;
  const { TEST_MYSQL_URL: given, REDIS_URL, MYSQL_URL: _, ...rest } = process.env;
  try {
    stack = await openStack({ database: 'mysql', env: { MYSQL_URL: given, REDIS_URL }, onProgress: steps.begin });
    steps.end();
    process.stdout.write(`On MySQL ${await versionOf(stack.mysqlUrl)}\n`);
    if (stop.signal.aborted) return { passed: 0, failed: 1 };
    const env = {
      ...rest,
      TEST_MYSQL_URL: stack.mysqlUrl,
      TEST_REDIS_URL: stack.redisUrl,
      FAULTS_DATABASE: given || 'mysql',
      NODE_ENV: 'test',
    };
    const files = args.some((arg) => arg.startsWith('test/')) ? [] : findDatabaseTests(root);
    // MySQL needs several times as long as MariaDB to make or drop a table.
    const patient = args.includes('--timeout') ? [] : ['--timeout', '30000'];
    return await runMocha({ root, args: [...files, ...patient, ...args], env, stop: stop.signal });
  } catch (error) {
    steps.fail();
    process.stdout.write(`${(error as Error).message}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    await stack?.close();
  }
}

async function versionOf(url: string): Promise<string> {
  const connection = await createConnection(readMysqlAddress(url));
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  await connection.end();
  return String(row?.version);
}
