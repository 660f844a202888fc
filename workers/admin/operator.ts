import { randomBytes } from 'node:crypto';
import { isDuplicate, type Sql } from '../../db/connect.ts';
import {
  deleteOperator,
  findOperatorNamed,
  insertOperator,
  listOperators,
  type OperatorRow,
  setOperatorPassword,
} from '../../db/people/operators.ts';
import { hashPassword } from '../../engine/people/secrets.ts';
import { isOperatorName, type OperatorRole, operatorRoles } from '../../engine/rules/operators.ts';
import { type Command, Misuse, NotPossible } from './command.ts';
import { tableOf } from './table.ts';

export const operatorAdd: Command = {
  words: ['operator', 'add'],
  takes: ['<name>', '<role>'],
  changes: true,
  does: 'lets somebody sign in to the console at /ops by a password that is said once: look sees everything, operate stops running broadcasts too, money corrects accounts too',
  examples: ['operator add dana operate', 'operator add sam look --json'],
  async run({ db, args: [written = '', role = ''], now }) {
    const name = written.toLowerCase();
    if (!isOperatorName(name)) throw new Misuse(`"${written}" is no name such as dana, or is taken by OPS_PASSWORD.`);
    if (!isRole(role)) throw new Misuse(`"${role}" is no role: ${operatorRoles.join(', ')}.`);
    const password = newPassword();
    try {
      await insertOperator(db, { name, role, passwordHash: await hashPassword(password), now });
    } catch (error) {
      throw isDuplicate(error) ? new NotPossible(`There is an operator ${name}: see operator list.`) : error;
    }
    return { text: `${name} (${role}) signs in with: ${password}`, json: { name, role, password } };
  },
};

export const operatorPassword: Command = {
  words: ['operator', 'password'],
  takes: ['<name>'],
  changes: true,
  does: 'gives an operator a new password, which is said once, and ends their sessions',
  examples: ['operator password dana'],
  async run({ db, args: [written = ''] }) {
    const { id, name } = await operatorOf(db, written);
    const password = newPassword();
    await setOperatorPassword(db, { id, passwordHash: await hashPassword(password) });
    return { text: `${name} signs in with: ${password}`, json: { name, password } };
  },
};

export const operatorRemove: Command = {
  words: ['operator', 'remove'],
  takes: ['<name>'],
  changes: true,
  does: 'takes an operator off the console and ends their sessions; what they did stays in the audit log',
  examples: ['operator remove dana --reason "has left"'],
  async run({ db, args: [written = ''] }) {
    const { id, name } = await operatorOf(db, written);
    await deleteOperator(db, id);
    return { text: `${name} signs in no more.`, json: { name } };
  },
};

export const operatorList: Command = {
  words: ['operator', 'list'],
  takes: [],
  does: 'lists who may sign in to the console: role, since when, and when they were last seen in a session that is kept',
  examples: ['operator list', 'operator list --json'],
  async run({ db }) {
    const operators = await listOperators(db);
    const cells = operators.map(({ name, role, since, lastSeenAt }) => [
      ...[name, role, since.toISOString().slice(0, 10), lastSeenAt?.toISOString() ?? ''],
    ]);
    return { text: tableOf(['operator', 'role', 'since', 'last seen'], cells, { numbers: 0 }), json: { operators } };
  },
};

async function operatorOf(db: Sql, written: string): Promise<OperatorRow> {
  const found = await findOperatorNamed(db, written.toLowerCase());
  if (found === undefined) throw new NotPossible(`There is no operator ${written}: see operator list.`);
  return found;
}

/** 144 random bits. */
function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

function isRole(text: string): text is OperatorRole {
  return operatorRoles.some((role) => role === text);
}
