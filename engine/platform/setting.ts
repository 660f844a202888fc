/** How a setting is read, and within which bounds. */
export type Kind =
  | 'text'
  | 'country'
  | 'zone'
  | 'hours'
  | 'url'
  | 'mysql'
  | 'redis'
  | 'integer'
  | 'number'
  | 'flag'
  | 'list'
  | 'phone'
  | 'phones'
  | 'origins';
export type Setting = {
  kind: Kind;
  default?: string;
  min?: number;
  max?: number;
  /** Of a text or an address, in characters. */
  maxLength?: number;
  /** The shortest length of an optional secret where it is set. */
  shortest?: number;
  /** Of an address. */
  schemes?: readonly string[];
  /** The only values of a text. */
  oneOf?: readonly string[];
  help: string;
};
