import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { progressDisplay } from '../output/progress-display.ts';
import type { Api } from '../remote/api.ts';
import type { Sync } from '../remote/sync-view.ts';
import { watchSync } from '../remote/watch-sync.ts';
import { listenForStop } from '../start/stop-request.ts';

/**
 * Shows the progress of a sync to its end and returns it as it is then; null when the person left before, who is told
 * where to look, and the exit code says so.
 */
export async function followSync(
  api: Api,
  started: Sync,
  { json }: { json?: true | undefined },
  { terminal, exitWith }: Context,
): Promise<Sync | null> {
  const left = new AbortController();
  const request = listenForStop({ onAgain: () => process.exit(EXIT.interrupted) });
  request.requested.then(
    () => left.abort(),
    () => {},
  );
  const display = json ? null : progressDisplay(terminal);
  try {
    const onProgress = display === null ? () => {} : display.update;
    const sync = await watchSync(api, { syncId: started.id, onProgress, signal: left.signal });
    display?.finish();
    return sync;
  } catch (error) {
    display?.finish();
    if (!left.signal.aborted) throw error;
    terminal.note(`The sync goes on. Look: tidemark status ${started.id}`);
    exitWith(EXIT.interrupted);
    return null;
  } finally {
    request.dispose();
  }
}

export function isWhole(sync: Sync): boolean {
  return sync.status === 'completed' && !sync.partial;
}
