import type { AnyConnector } from '@tidemark/core/connector';
import type { SessionFiles } from './claude-code/config.ts';
import { claudeCodeConnector } from './claude-code/index.ts';
import type { GraphApi } from './messenger/graph-request.ts';
import { messengerConnector } from './messenger/index.ts';

/** Where the sources are; the environment says so. */
export type SourceAddresses = GraphApi & { sessionFiles?: SessionFiles };

const NO_FILES: SessionFiles = { defaultRoots: [], allowedRoots: [] };

/** Every connector by its id. */
export function connectorRegistry(addresses: SourceAddresses): ReadonlyMap<string, AnyConnector> {
  const connectors: AnyConnector[] = [
    messengerConnector(addresses),
    claudeCodeConnector(addresses.sessionFiles ?? NO_FILES),
  ];
  return new Map(connectors.map((connector) => [connector.id, connector]));
}
