import { createApp } from '../../api/app.ts';
import { listen } from '../../api/listen.ts';
import { openRuntime } from '../../engine/platform/runtime.ts';
import { type Gate, openGate } from './gate.ts';
import type { World } from './world.ts';

/** A second API of a world, whose ways to MySQL and Redis a test can break. */
export type GatedWeb = { url: string; gates: { mysql: Gate; redis: Gate }; close(): Promise<void> };

export async function openGatedWeb({ runtime: { config } }: World): Promise<GatedWeb> {
  const gates = { mysql: await openGate(config.MYSQL_URL), redis: await openGate(config.REDIS_URL) };
  const through = { ...config, MYSQL_URL: gates.mysql.url, REDIS_URL: gates.redis.url };
  const runtime = await openRuntime(through, { process: 'web' });
  const api = await listen(createApp(runtime), { port: 0, host: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${api.port}`,
    gates,
    async close() {
      gates.mysql.open();
      gates.redis.open();
      await api.stop();
      await runtime.close();
      await Promise.all([gates.mysql.close(), gates.redis.close()]);
    },
  };
}
