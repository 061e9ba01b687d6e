import type { AnyConnector, AnyStream } from '@tidemark/core/connector';
import type { ErrorCode } from '@tidemark/core/errors';
import type { Failure } from '@tidemark/core/failure';
import { openSecret, type PageWork, SecretError } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';

/** A connection as its connector understands it. */
export interface Account {
  connector: AnyConnector;
  config: unknown;
  credentials: unknown;
}

/** What is to be fetched: everything a stream needs, read and checked. */
export interface PagePlan extends Account {
  connectionId: string;
  stream: AnyStream;
  checkpoint: unknown;
  hasMoreStreams: boolean;
  failedPageId: string | null;
}

function fatal(code: ErrorCode, message: string, action: string): Failure {
  return { kind: 'invalidRequest', code, message, action };
}

type StoredAccount = Pick<PageWork, 'connectionId' | 'connector' | 'config' | 'credentials'>;

/** Reads what is stored about the sync. A failure as a value: nothing here gets better by trying again. */
export function planPage(
  deps: Pick<WorkerDependencies, 'connectors' | 'keyring'>,
  work: PageWork,
): PagePlan | Failure {
  const account = openAccount(deps, work);
  return 'kind' in account ? account : planStream(account, work);
}

/**
 * Reads what is stored about a connection through the connector's own schemas. Secrets are opened here, at the call, and
 * held nowhere else.
 */
export function openAccount(
  deps: Pick<WorkerDependencies, 'connectors' | 'keyring'>,
  work: StoredAccount,
): Account | Failure {
  const connector = deps.connectors.get(work.connector);
  if (connector === undefined) {
    const message = `This worker knows no connector "${work.connector}".`;
    return fatal(
      'unknown_connector',
      message,
      'Deploy a worker version that has the connector, then retry the sync.',
    );
  }
  const config = connector.config.safeParse(work.config);
  if (!config.success) {
    const message = `The stored configuration does not fit the connector: ${config.error.issues[0]?.message ?? ''}`;
    return fatal('configuration_unreadable', message, 'Store a fitting one with PATCH /v1/connections/:id.');
  }
  const credentials = readCredentials(deps, connector, work);
  if ('failure' in credentials) return credentials.failure;
  return { connector, config: config.data, credentials: credentials.value };
}

function readCredentials(
  deps: Pick<WorkerDependencies, 'keyring'>,
  connector: AnyConnector,
  work: StoredAccount,
): { value: unknown } | { failure: Failure } {
  if (connector.credentials === null) return { value: undefined };
  const action = 'Store the credentials again with PATCH /v1/connections/:id, or restore the encryption key.';
  try {
    const opened =
      work.credentials === null ? undefined : openSecret(deps.keyring, work.connectionId, work.credentials);
    const parsed = connector.credentials.safeParse(opened);
    if (parsed.success) return { value: parsed.data };
    return {
      failure: fatal('credentials_unreadable', 'The stored credentials do not fit the connector.', action),
    };
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    return { failure: fatal('credentials_unreadable', error.message, action) };
  }
}

function planStream({ connector, config, credentials }: Account, work: PageWork): PagePlan | Failure {
  const pending = connector.streams.filter((stream) => {
    return work.streams.some((state) => state.stream === stream.name && !state.done);
  });
  const [stream, ...later] = pending;
  const state = work.streams.find((candidate) => candidate.stream === stream?.name);
  if (stream === undefined || state === undefined) {
    return fatal('checkpoint_unreadable', 'The sync has no stream left to walk.', 'Start a full sync.');
  }
  const stored =
    state.checkpoint ??
    stream.start({
      config,
      options: work.options ?? {},
      watermark: watermarkOf(stream, state.watermark, work.mode),
    });
  const checkpoint = stream.checkpoint.safeParse(stored);
  if (!checkpoint.success) {
    const where = checkpoint.error.issues[0]?.path.join('.') ?? '';
    const message = `The checkpoint of "${stream.name}" does not fit this version of the connector, at "${where}".`;
    return fatal('checkpoint_unreadable', message, 'Start a full sync.');
  }
  return {
    connectionId: work.connectionId,
    connector,
    stream,
    config,
    credentials,
    checkpoint: checkpoint.data,
    hasMoreStreams: later.length > 0,
    failedPageId: state.failedPageId,
  };
}

/** A watermark that an older version wrote in another form is worth as much as none: everything is read. */
function watermarkOf(stream: AnyStream, stored: unknown, mode: PageWork['mode']): unknown {
  if (mode === 'full' || stored === null) return null;
  const parsed = stream.watermark.safeParse(stored);
  return parsed.success ? parsed.data : null;
}
