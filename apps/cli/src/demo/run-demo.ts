import { EXIT } from '../exit-codes.ts';
import { countOf } from '../output/figures.ts';
import { type ProgressDisplay, progressDisplay } from '../output/progress-display.ts';
import { renderPairs } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { connectApi } from '../remote/api.ts';
import { listenForStop } from '../start/stop-request.ts';
import { Cleanup, InterruptedError } from './cleanup.ts';
import { type DemoOptions, type DemoPage, planPage } from './demo-plan.ts';
import { type DemoSettings, readSettings, type Variables } from './demo-settings.ts';
import { clearLogs, type OpenDemo, openDemo } from './open-demo.ts';
import { type PageResult, syncPage } from './sync-page.ts';
import { hasDashboard, indent, renderPlaces } from './where-to-look.ts';

export interface RunDemo {
  options: DemoOptions;
  variables: Variables;
  cwd: string;
  terminal: Terminal;
}

/** What the parts of a run share. */
interface Stage {
  terminal: Terminal;
  cleanup: Cleanup;
  signal: AbortSignal;
  kills: (() => void)[];
  /** The progress on the screen, above which everything else is said. */
  display: ProgressDisplay | null;
  /** What came of the sync, once it is through. */
  result: PageResult | null;
}

/**
 * The whole demo. Resolves with the exit code when everything it started is gone again, also after a signal: the
 * first one stops in order, a further one kills.
 */
export async function runDemo(run: RunDemo): Promise<number> {
  const interruption = new AbortController();
  const kills: (() => void)[] = [];
  const cleanup = new Cleanup();
  const killAll = () => {
    for (const kill of kills) kill();
  };
  const request = listenForStop({ onAgain: killAll });
  const stage: Stage = {
    terminal: run.terminal,
    cleanup,
    signal: interruption.signal,
    kills,
    display: null,
    result: null,
  };
  const interrupted = request.requested.then((reason) => {
    interruption.abort(new InterruptedError(reason));
    stage.display?.finish();
    run.terminal.print('\nStopping.');
    // Ctrl-C is how a demo that did its work is ended.
    if (stage.result !== null) return codeOf(stage.result);
    return reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
  });
  const demo = perform(run, stage);
  // Its failure after an interruption is no news.
  demo.catch(() => {});
  try {
    return await Promise.race([demo, interrupted]);
  } finally {
    interruption.abort(new InterruptedError('the demo is over'));
    await cleanup.close().finally(request.dispose);
  }
}

async function perform(run: RunDemo, stage: Stage): Promise<number> {
  const { options, terminal } = run;
  const page = planPage(options);
  const settings = await readSettings(run.variables, { cwd: run.cwd, port: options.port });
  await clearLogs(settings);
  terminal.print(terminal.paint('bold', 'Tidemark demo'));
  terminal.print();
  for (const remark of settings.remarks) terminal.print(remark);
  terminal.print('Starting PostgreSQL, the source, the API and a worker.');
  terminal.print();
  const demo = await openDemo({
    settings,
    page,
    cleanup: stage.cleanup,
    onKillable: (kill) => stage.kills.push(kill),
    say: (line) => (stage.display ?? { say: terminal.print }).say(line),
  });
  for (const line of indent(describe(demo, settings, page))) terminal.print(line);
  terminal.print();

  const result = await Promise.race([demo.failed, work(demo, settings, page, stage)]);
  stage.result = result;
  if (!options.once) return await stayUp(demo, settings, result, stage);
  terminal.print();
  terminal.print(`The data is kept in ${settings.dataDir}.`);
  return codeOf(result);
}

function codeOf(result: PageResult): number {
  return result.isRight ? EXIT.ok : EXIT.failure;
}

function work(demo: OpenDemo, settings: DemoSettings, page: DemoPage, stage: Stage): Promise<PageResult> {
  const { terminal, signal } = stage;
  const api = connectApi({ url: demo.apiUrl, key: settings.adminKey, signal });
  const display = (): ProgressDisplay => {
    const shown = progressDisplay(terminal);
    stage.display = shown;
    return {
      ...shown,
      finish: () => {
        stage.display = null;
        shown.finish();
      },
    };
  };
  return syncPage({ api, demo, page, terminal, signal, display });
}

function describe(demo: OpenDemo, settings: DemoSettings, page: DemoPage): string[] {
  const database = new URL(demo.databaseUrl);
  const taken = settings.isUsualPortTaken ? '  (port 3000 is in use)' : '';
  const figures = `${countOf(page.conversations, 'conversations')} with ${countOf(page.messages, 'messages')}`;
  const odd = page.isOdd ? ', some of them odd on purpose' : '';
  return renderPairs([
    ['PostgreSQL', `${database.host}, data in ${settings.dataDir}`],
    ['Source', `a simulator of the Graph API: ${figures}${odd}`],
    ['API', `${demo.apiUrl}${taken}`],
    ['Worker', `pid ${demo.worker.pid()}, replaced when it dies: kill -9 ${demo.worker.pid()}`],
  ]);
}

/** Until a signal comes, or something that has to run does not any more. */
async function stayUp(
  demo: OpenDemo,
  settings: DemoSettings,
  { account }: PageResult,
  { terminal }: Stage,
): Promise<never> {
  const places = renderPlaces(
    {
      apiUrl: demo.apiUrl,
      adminKey: settings.adminKey,
      databaseUrl: demo.databaseUrl,
      workerPid: demo.worker.pid(),
      logDir: settings.logDir,
      account,
      hasDashboard: await hasDashboard(demo.apiUrl),
    },
    terminal.paint,
  );
  terminal.print();
  for (const line of places) terminal.print(line);
  terminal.print();
  terminal.print(`Ctrl-C stops everything. The data stays in ${settings.dataDir}.`);
  return await demo.failed;
}
