import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { type Api, connectApi, DEFAULT_URL } from '../remote/api.ts';
import { stdinSecrets } from '../remote/secrets.ts';
import { httpUrl } from './arguments.ts';

/** The options of every command that talks to an API. */
export function withRemoteOptions(command: Command) {
  return command
    .option('--url <url>', 'where the API is', httpUrl, DEFAULT_URL)
    .option('--key <key>', 'API key; better in TIDEMARK_ADMIN_KEY, where others cannot list it')
    .option('--json', 'print JSON only');
}

export interface RemoteOptions {
  url: string;
  key?: string | undefined;
  json?: true | undefined;
}

/** The API the options name. Asks for the key when nobody gave one and there is somebody to ask. */
export async function openApi(
  { url, key }: RemoteOptions,
  { terminal, variables }: Context,
  signal?: AbortSignal,
): Promise<Api> {
  const given = key ?? variables.TIDEMARK_ADMIN_KEY;
  const found = given || (await stdinSecrets(terminal).prompt('API key'));
  if (!found) throw new CommandError('key_missing', 'No API key: set TIDEMARK_ADMIN_KEY, or give --key.');
  return connectApi({ url, key: found, ...(signal === undefined ? {} : { signal }) });
}

/** Prints the answer for machines, or for people. */
export function present(
  { json }: Pick<RemoteOptions, 'json'>,
  { terminal }: Context,
  value: unknown,
  lines: () => readonly string[],
): void {
  if (json) terminal.print(JSON.stringify(value, null, 2));
  else for (const line of lines()) terminal.print(line);
}
