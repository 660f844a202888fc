import { createServer } from 'node:http';
import { addDefaults, openProcessMetrics } from './process-metrics.ts';
import type { ProcessType, Runtime } from './runtime.ts';

/**
 * Serves what this process measures of itself at METRICS_PORT, without a password: ports of this kind are for a private
 * network. Nothing where the port is 0. A port that is taken is one `error` line, and the process goes on.
 */
export async function serveMetrics(
  runtime: Runtime,
  type: ProcessType,
): Promise<{ port: number; close(): void } | null> {
  const { METRICS_PORT: port, HOST: host } = runtime.config;
  if (port === 0) return null;
  const metrics = runtime.use(openProcessMetrics);
  addDefaults(metrics, type);
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') return response.writeHead(404).end();
    const text = await metrics.registry.metrics();
    response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
  });
  return new Promise((resolve) => {
    server.once('error', (err) => {
      runtime.log.error({ err, port }, 'METRICS_PORT cannot be listened on; the process goes on without');
      resolve(null);
    });
    server.listen(port, host, () => resolve({ port, close: () => void server.close() }));
  });
}
