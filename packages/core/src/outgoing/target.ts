export type TargetRefusal = 'not_a_url' | 'not_https' | 'has_credentials';

/**
 * Why events cannot be sent to this address, as far as its text tells; null when they can. What the name resolves to is
 * looked at when the connection is made, because it can change at any time.
 *
 * `allowInternal`: the installation sends to its own network, where TLS is often absent.
 */
export function targetRefusal(url: string, allowInternal: boolean): TargetRefusal | null {
  const parsed = URL.parse(url);
  if (parsed === null) return 'not_a_url';
  if (parsed.username !== '' || parsed.password !== '') return 'has_credentials';
  if (parsed.protocol === 'https:') return null;
  if (parsed.protocol !== 'http:') return 'not_a_url';
  return allowInternal ? null : 'not_https';
}
