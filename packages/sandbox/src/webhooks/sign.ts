import { createHmac } from 'node:crypto';

/** The headers a delivery of these bytes is signed with: lower-case hex, the older one as well. */
export function signatureHeaders(secret: string, body: Buffer): Readonly<Record<string, string>> {
  const digest = (algorithm: string): string => createHmac(algorithm, secret).update(body).digest('hex');
  return {
    'x-hub-signature': `sha1=${digest('sha1')}`,
    'x-hub-signature-256': `sha256=${digest('sha256')}`,
  };
}
