import type { Logger } from 'pino';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Terminal } from '../output/terminal.ts';
import { explainFailure, isExpected } from './explain-failure.ts';
import { createLoggers, loggerOf, openRole, type Role } from './open-role.ts';
import { leaveParent, tellReady } from './parent-message.ts';
import { readEnvironment } from './read-environment.ts';
import { listenForStop } from './stop-request.ts';

/** Process managers kill after ten seconds; what is not stopped by then is given up. */
const STOP_DEADLINE_MS = 9_500;

export interface RunRole {
  variables: Readonly<Record<string, string | undefined>>;
  cwd: string;
  terminal: Terminal;
  untilParentEnds: boolean;
}

/** Runs a role until it is asked to stop. Resolves with the exit code. */
export async function runRole(role: Role, options: RunRole): Promise<ExitCode> {
  const { terminal } = options;
  const parsed = readEnvironment(options.variables);
  if (!parsed.ok) {
    for (const problem of parsed.problems) terminal.note(problem);
    return EXIT.failure;
  }
  const { environment } = parsed;
  const loggers = createLoggers(environment.LOG_LEVEL);
  const logger = loggerOf(role, loggers);
  exitOnBugs(logger);
  const request = listenForStop({ onAgain: exitAtOnce, untilParentEnds: options.untilParentEnds });
  request.requested.then((reason) => beginStop(reason, logger), exitAtOnce);
  try {
    const open = await openRole(role, { environment, cwd: options.cwd, loggers });
    if (open.generatedAdminKey !== null) {
      terminal.note(`Admin API key, shown this once: ${open.generatedAdminKey}`);
    }
    logger.info({ role, url: open.url }, 'started');
    tellReady(open.url);
    await request.requested;
    await open.stop();
    logger.info('stopped');
    return EXIT.ok;
  } catch (error) {
    if (!isExpected(error)) logger.fatal({ err: error }, 'failed');
    terminal.note(`${role}: ${explainFailure(error, environment)}`);
    return EXIT.failure;
  } finally {
    request.dispose();
    leaveParent();
  }
}

/** The stop itself follows when the start is through; from here on there is a deadline for both. */
function beginStop(reason: string, logger: Logger): void {
  logger.info({ reason }, 'stopping');
  const giveUp = () => {
    logger.error(`not stopped within ${STOP_DEADLINE_MS} ms`);
    process.exit(EXIT.failure);
  };
  setTimeout(giveUp, STOP_DEADLINE_MS).unref();
}

function exitAtOnce(): void {
  process.exit(EXIT.failure);
}

/** After an error nobody expected, nothing the process holds can be relied on. What it had begun is recovered. */
function exitOnBugs(logger: Logger): void {
  const exit = (kind: string) => (error: unknown) => {
    logger.fatal({ err: error }, kind);
    process.exit(EXIT.failure);
  };
  process.on('unhandledRejection', exit('unhandled rejection'));
  process.on('uncaughtException', exit('uncaught exception'));
}
