import { countOf } from '../output/figures.ts';
import type { ProgressDisplay } from '../output/progress-display.ts';
import type { Terminal } from '../output/terminal.ts';
import type { Api } from '../remote/api.ts';
import { watchSync } from '../remote/watch-sync.ts';
import { compareWithLedger } from './compare-ledger.ts';
import { connectPage, setPace, startOrTakeUp, type StartedSync } from './connect-page.ts';
import type { DemoPage } from './demo-plan.ts';
import type { OpenDemo } from './open-demo.ts';
import { readStored } from './read-stored.ts';
import { type Outcome, renderOutcome, renderVerdict } from './summary.ts';
import { indent } from './where-to-look.ts';

export interface SyncPage {
  api: Api;
  demo: OpenDemo;
  page: DemoPage;
  terminal: Terminal;
  signal: AbortSignal;
  /** Shows progress; what is said meanwhile goes above it. */
  display(): ProgressDisplay;
}

export interface PageResult {
  account: string;
  /** Completed, and all of the source is stored. */
  isRight: boolean;
}

/** Connects the Page, syncs it in front of the person, and holds what is stored against the source's ledger. */
export async function syncPage(options: SyncPage): Promise<PageResult> {
  const { api, demo, page, terminal } = options;
  const connection = await connectPage(api, page);
  await setPace(api, page);
  const expected = await demo.source.control.expected(page.pageId);
  const started = await startOrTakeUp(api, connection.id);
  terminal.print(introduction(started, page));
  terminal.print();

  const { totals } = expected;
  const display = options.display();
  const sync = await watchSync(api, {
    syncId: started.syncId,
    onProgress: display.update,
    // An incremental sync of a Page that is known reads only what is new.
    total: started.isRepeated
      ? null
      : totals.conversations + totals.messages + totals.quarantinedConversations + totals.quarantinedMessages,
    signal: options.signal,
  }).finally(() => display.finish());

  const { calls } = await demo.source.control.window(1_000, { pageId: page.pageId });
  const stored = await readStored(api, connection.id, () => {});
  const sourceCalls = started.isTakenUp ? null : calls;
  const outcome: Outcome = { sync, stored, expected, sourceCalls };
  const differences = compareWithLedger(expected, stored);
  terminal.print();
  for (const line of indent(renderOutcome(outcome))) terminal.print(line);
  terminal.print();
  for (const line of renderVerdict(sync, differences, terminal.paint)) terminal.print(line);
  const isRight = sync.status === 'completed' && !sync.partial && differences.length === 0;
  return { account: page.pageId, isRight };
}

function introduction({ isTakenUp, isRepeated }: StartedSync, page: DemoPage): string {
  const calls = countOf(page.callsPerMinute, 'calls');
  if (isTakenUp) return 'The sync of the last run was stopped in the middle. It goes on where it was.';
  if (isRepeated) return 'The Page was synced by an earlier run: this sync reads only what is new since.';
  return `First sync. The Page's limit is set to ${calls} a minute for it (PATCH /v1/limits).`;
}
