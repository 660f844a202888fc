import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { readMysqlAddress } from '../db/mysql-address.ts';
import { findDatabaseTests } from './test/database-tests.ts';
import { namedOr, runTests } from './test/run.ts';

/** `npm run test:mysql`: all tests that touch a database, and a short fault run, on a real MySQL. */
const help = `Usage: npm run test:mysql [-- FILES AND MOCHA OPTIONS]

The server is the one of TEST_MYSQL_URL (an account that may create databases), else one of this machine's that is found
or fetched as \`npm start\` does it, and thrown away. Examples:
  npm run test:mysql
  npm run test:mysql -- test/engine/delivery
  TEST_MYSQL_URL=mysql://USER:PASSWORD@HOST:3306/ npm run test:mysql
`;

await runTests(help, async ({ root, args, steps, open, mocha }) => {
  const { TEST_MYSQL_URL: given, REDIS_URL } = process.env;
  const stack = await open({ database: 'mysql', env: { MYSQL_URL: given, REDIS_URL } });
  steps.end();
  process.stdout.write(`On MySQL ${await versionOf(stack.mysqlUrl)}\n`);
  return mocha(stack, {
    args: namedOr(args, () => findDatabaseTests(root)),
    env: { FAULTS_DATABASE: given || 'mysql' },
  });
});

async function versionOf(url: string): Promise<string> {
  const connection = await createConnection(readMysqlAddress(url));
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  await connection.end();
  return String(row?.version);
}
