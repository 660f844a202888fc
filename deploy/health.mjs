// What HEALTHCHECK asks. web: does it answer; the others: do they serve their metrics, where METRICS_PORT is set. Without it
// their container is well while it runs: a worker that stands still ends itself.
import { readFileSync } from 'node:fs';

const isWeb = readFileSync('/proc/1/cmdline', 'utf8').includes('api/main.js');
const { PORT = '3000', METRICS_PORT = '0' } = process.env;
const url = isWeb
  ? `http://127.0.0.1:${PORT}/healthz`
  : METRICS_PORT === '0'
    ? null
    : `http://127.0.0.1:${METRICS_PORT}/metrics`;
if (url !== null) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) }).catch(() => null);
  process.exitCode = answer?.ok ? 0 : 1;
}
