import { BadConfig, type Config, readConfig } from '../../engine/platform/config.ts';
import { type Carriers, withCarriers } from '../../engine/platform/runtime.ts';
import { type Call, type Env, NotPossible, type Outcome } from './command.ts';

type At = { carriers: Carriers; config: Config };

/** With the settings of the processes, as `configIn` reads them. */
export async function atCarriers({ env }: Pick<Call, 'env'>, work: (at: At) => Promise<Outcome>): Promise<Outcome> {
  const config = configIn(env);
  return withCarriers(config, (carriers) => work({ carriers, config }));
}

/** The settings of the processes. Throws `NotPossible`, naming all that are wrong or missing. */
export function configIn(env: Env): Config {
  try {
    return readConfig(env);
  } catch (error) {
    throw error instanceof BadConfig
      ? new NotPossible(`This needs the settings of the processes; ${error.message}`)
      : error;
  }
}

/** What a carrier says against it is for the operator. */
export async function orWhyNot<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Error
      ? new NotPossible(`The carrier did not do it: ${error.message}`, { cause: error })
      : error;
  }
}
