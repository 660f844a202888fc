/** What an operator may do in the console; each role may do what those before it may. */
export const operatorRoles = ['look', 'operate', 'money'] as const;
export type OperatorRole = (typeof operatorRoles)[number];

/** Who is signed in to the console. */
export type Operator = { name: string; role: OperatorRole };

/** Signs in with OPS_PASSWORD and may do everything; nobody else is called that. */
export const MAIN_OPERATOR = 'ops';

export function mayAct(role: OperatorRole, needed: OperatorRole): boolean {
  return operatorRoles.indexOf(role) >= operatorRoles.indexOf(needed);
}

/** As the audit log shows it: 2 to 50 small letters, digits, dots, dashes. */
export function isOperatorName(written: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,49}$/.test(written) && written !== MAIN_OPERATOR;
}
