import path from 'node:path';
import { admin, terminalOf } from '../workers/admin.ts';
import { readNote } from './start/note.ts';

/** `npm run admin`: the operator’s commands, on the system that `npm start` runs where no other database is named. */
const running = readNote(path.join(process.cwd(), '.data', 'running.json'));
const here = running === undefined ? {} : { MYSQL_URL: running.mysqlUrl };
const named = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));

process.exitCode = await admin(process.argv.slice(2), { ...here, ...named }, terminalOf(process));
