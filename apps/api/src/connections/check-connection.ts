import type { AnyConnector, PoolDeclaration } from '@tidemark/core/connector';
import { type FieldProblem, ProblemError, zodProblems } from '@tidemark/core/errors';
import { z } from 'zod';

/** The connector of a name. Throws `unknown_connector`, naming those that exist. */
export function connectorNamed(connectors: ReadonlyMap<string, AnyConnector>, name: string): AnyConnector {
  const connector = connectors.get(name);
  if (connector !== undefined) return connector;
  const known = [...connectors.keys()].join(', ');
  const message = `There is no such connector. Use one of: ${known}.`;
  throw new ProblemError('unknown_connector', message, { errors: [{ pointer: '/connector', message }] });
}

export interface CheckedConfig {
  /** The account behind the configuration. */
  accountId: string;
  pools: PoolDeclaration[];
}

/**
 * Checks what a user gave against the connector's own schemas. Everything wrong is told at once, with pointers
 * into the request's body. Throws `config_invalid`.
 *
 * `config` and `credentials` are undefined where they are not to be checked.
 */
export function checkConnection(
  connector: AnyConnector,
  given: { config: unknown; credentials: unknown; needsCredentials: boolean },
): CheckedConfig | null {
  const errors: FieldProblem[] = [];
  const config = given.config === undefined ? null : connector.config.safeParse(given.config);
  if (config?.success === false) errors.push(...zodProblems(config.error, '/config'));
  errors.push(...credentialProblems(connector, given));
  const first = errors[0];
  if (first !== undefined) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new ProblemError('config_invalid', `${first.pointer}: ${first.message}${more}`, { errors });
  }
  if (config?.success !== true) return null;
  return { accountId: connector.identity(config.data), pools: connector.pools?.(config.data) ?? [] };
}

/** Checks what is asked of one sync alone. Throws `validation_failed`, with pointers into the request's body. */
export function checkOptions(connector: AnyConnector, options: unknown): unknown {
  if (options === undefined) return undefined;
  const parsed = (connector.syncOptions ?? z.strictObject({})).safeParse(options);
  if (parsed.success) return parsed.data;
  const errors = zodProblems(parsed.error, '/options');
  const [first] = errors;
  throw new ProblemError('validation_failed', `${first?.pointer ?? ''}: ${first?.message ?? ''}`, { errors });
}

function credentialProblems(
  connector: AnyConnector,
  given: { credentials: unknown; needsCredentials: boolean },
): FieldProblem[] {
  const pointer = '/credentials';
  if (connector.credentials === null) {
    return given.credentials === undefined
      ? []
      : [{ pointer, message: 'This connector takes none. Remove them.' }];
  }
  if (given.credentials === undefined) {
    return given.needsCredentials ? [{ pointer, message: 'This connector needs credentials.' }] : [];
  }
  const parsed = connector.credentials.safeParse(given.credentials);
  return parsed.success ? [] : zodProblems(parsed.error, pointer);
}
