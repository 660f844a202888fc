/**
 * What an operator has to know where a connection to Redis failed because its certificate was not accepted; null for any other
 * error. A cluster says what its last node did.
 */
export function whyUntrusted(error: unknown): string | null {
  const { code = '', message, lastNodeError } = error as { code?: string; message: string; lastNodeError?: unknown };
  if (lastNodeError instanceof Error) return whyUntrusted(lastNodeError);
  if (!UNTRUSTED.test(code)) return null;
  return `TLS with Redis failed (${message}): REDIS_URL must name the host as its certificate does, and with ?ca=FILE the authority that signed it, unless that is a public one`;
}

/** X.509 errors, as Node.js calls them: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED =
  /^(ERR_TLS_CERT_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA$|INVALID_PURPOSE$|HOSTNAME_MISMATCH$)/;
