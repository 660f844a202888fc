import type { Config } from '../../engine/platform/config.ts';

/** Settings as an environment says them. */
export function envOf(config: Config): Record<string, string> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(written(value))]));
}

function written(value: Config[keyof Config]): string | number {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'boolean' ? Number(value) : (value as string | number);
}
