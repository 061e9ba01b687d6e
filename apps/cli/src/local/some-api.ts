import { openApi, type RemoteOptions } from '../commands/remote-options.ts';
import type { Context } from '../context.ts';
import { type Api, DEFAULT_URL } from '../remote/api.ts';

/** The API a command works with: one that runs, or one of its own. */
export interface SomeApi {
  api: Api;
  /** Nothing goes on when the command ends. */
  isLocal: boolean;
  close(): Promise<void>;
}

/** What runs on this machine answers at once. */
const PROBE_MS = 2_000;

/**
 * The API the options name if one answers there. If none does, and nobody named another than the usual address,
 * everything is started in this process.
 */
export async function someApi(
  options: RemoteOptions & { local?: true | undefined },
  context: Context,
  extra: Readonly<Record<string, string>> = {},
): Promise<SomeApi> {
  const isElsewhere = options.url !== DEFAULT_URL || (await answers(options.url));
  if (options.local !== true && isElsewhere) {
    return { api: await openApi(options, context), isLocal: false, close: async () => {} };
  }
  // Loaded only then: the client commands need neither database nor servers.
  const { openLocal } = await import('./open-local.ts');
  const { api, close } = await openLocal(context, extra);
  return { api, isLocal: true, close };
}

/** Whether a Tidemark API is there; somebody else's server is none. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(PROBE_MS) });
    const document: unknown = await response.json();
    return typeof document === 'object' && document !== null && 'openapi' in document;
  } catch {
    return false;
  }
}
