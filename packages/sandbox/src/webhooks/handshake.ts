/** Where deliveries go, and what they are signed with. */
export interface Callback {
  readonly url: string;
  readonly verifyToken: string;
  readonly appSecret: string;
}

export interface Handshake {
  readonly verified: boolean;
  readonly status: number | null;
  /** Why not: an answer other than 200, or one that is not the challenge and nothing else. */
  readonly problem: string | null;
}

const TIMEOUT_MS = 5_000;

/** Asks a receiver whether it expects us: it must answer 200 with the challenge. */
export async function shakeHands(callback: Callback, challenge: string): Promise<Handshake> {
  const url = new URL(callback.url);
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.challenge', challenge);
  url.searchParams.set('hub.verify_token', callback.verifyToken);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { status } = response;
    const text = await response.text();
    if (status !== 200) return { verified: false, status, problem: `answered ${status}` };
    if (text !== challenge) return { verified: false, status, problem: 'did not answer the challenge' };
    return { verified: true, status, problem: null };
  } catch (error) {
    return { verified: false, status: null, problem: String(error) };
  }
}
