import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Behaviour, SimPage } from '../data/model.ts';
import { GraphError, proofError } from './errors.ts';
import type { GraphRequest } from './request.ts';

/** Hex HMAC-SHA256 of the token with the app secret: what `appsecret_proof` must be. */
export function appSecretProof(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}

/** The page whose token the request carries. Throws the source's error for a missing, unknown or ended one. */
export function authenticate(request: GraphRequest, pages: Iterable<SimPage>): SimPage {
  const { token } = request;
  if (token === null || token === '') throw new GraphError({ code: 104 });
  for (const page of pages) {
    if (page.accessToken !== token) continue;
    if (page.tokenEnd !== null)
      throw new GraphError({ code: 190, subcode: page.tokenEnd.subcode ?? undefined });
    checkProof(request.params.get('appsecret_proof'), page);
    return page;
  }
  throw new GraphError({ code: 190 });
}

function checkProof(proof: string | null, page: SimPage): void {
  if (proof === null) {
    if (page.requireProof) throw proofError('API calls from the server require an appsecret_proof argument');
    return;
  }
  if (page.appSecret === null) return;
  const wanted = Buffer.from(appSecretProof(page.accessToken, page.appSecret));
  const given = Buffer.from(proof);
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw proofError('Invalid appsecret_proof provided in the API argument');
}

/** Refuses a token of one page for an object of another. */
export function authorize(tokenPage: SimPage, objectPageId: string, behaviour: Behaviour): void {
  if (tokenPage.id === objectPageId) return;
  if (behaviour.foreignToken === '200') throw new GraphError({ code: 200 });
  const message = 'This method must be called with a Page Access Token of the page';
  throw new GraphError({ code: 190, message: `(#190) ${message}` });
}

/** Refuses versions that have come to their end. */
export function checkVersion(version: string | null, behaviour: Pick<Behaviour, 'minimumVersion'>): void {
  const { minimumVersion } = behaviour;
  if (version === null || minimumVersion === null) return;
  if (numberOf(version) >= numberOf(minimumVersion)) return;
  const advice = `Please update to the latest version: ${minimumVersion}.`;
  const message = `(#2635) You are calling a deprecated version of the API (${version}). ${advice}`;
  throw new GraphError({ code: 2635, message });
}

function numberOf(version: string): number {
  return Number(version.slice(1));
}
