/** What a check found. `which`: our numbers that it is about, for an operator's eyes; a log holds none. */
export type Finding = {
  check: CheckName;
  state: 'ok' | 'warning' | 'fault';
  says: string;
  /** What to do. */
  mend?: string;
  which?: readonly string[];
};

export type CheckName =
  | 'settings'
  | 'mysql'
  | 'schema'
  | 'redis'
  | 'clocks'
  | 'carrier'
  | 'numbers'
  | 'address'
  | 'media'
  | 'service';

export type Found = Omit<Finding, 'check'>;

export function fault(says: string, mend: string, which?: readonly string[]): Found {
  return { state: 'fault', says, mend, ...(which === undefined ? {} : { which }) };
}

export function warning(says: string, mend: string, which?: readonly string[]): Found {
  return { state: 'warning', says, mend, ...(which === undefined ? {} : { which }) };
}
