import type { CarrierMedia } from './carrier.ts';

/**
 * Media are at the carrier's domain, or wherever that redirects to; an account may ask for its credentials there, which go
 * nowhere else.
 */
export function openMediaAccess({ apiUrl, domain, authorization }: Settings): CarrierMedia {
  const isAtApi = (url: URL) => url.origin === new URL(apiUrl).origin;
  const isAtDomain = ({ protocol, hostname }: URL) =>
    protocol === 'https:' && (hostname === domain || hostname.endsWith(`.${domain}`));
  return {
    isAtApi,
    authorization: (url) => (isAtApi(url) || isAtDomain(url) ? authorization : null),
  };
}

type Settings = { apiUrl: string; domain: string; authorization: string };
