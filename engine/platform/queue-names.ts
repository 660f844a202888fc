import type { CarrierName } from '../rules/carriers.ts';
import { carriersSetUp } from './carrier-settings.ts';
import type { Config } from './config.ts';
import { keys } from './keys.ts';

/** The names of all queues, as the settings have them. */
export function queueNames(config: Config): string[] {
  return ['fanout', 'push', 'hooks', ...carriersSetUp(config).flatMap((carrier) => shardNames(config, carrier))];
}

/** Those of a carrier, from which a number has one. */
export function shardNames({ QUEUE_SHARDS }: Config, carrier: CarrierName): string[] {
  return Array.from({ length: QUEUE_SHARDS }, (_, at) => (carrier === 'plivo' ? `sms-${at}` : `sms-${carrier}-${at}`));
}

/** The key of a list of a queue, or of one of its jobs. */
export function queueKey(config: Config, name: string, of: string): string {
  return `${prefixOf(config, name)}:${name}:${of}`;
}

export function prefixOf({ REDIS_PREFIX }: Config, name: string): string {
  return `${REDIS_PREFIX}${keys.queue(name)}`;
}
