import type { AnyConnector } from '@tidemark/core/connector';
import type { GraphApi } from './messenger/graph-request.ts';
import { messengerConnector } from './messenger/index.ts';

/** Where the sources are; the environment says so. */
export type SourceAddresses = GraphApi;

/** Every connector by its id. */
export function connectorRegistry(addresses: SourceAddresses): ReadonlyMap<string, AnyConnector> {
  const connectors: AnyConnector[] = [messengerConnector(addresses)];
  return new Map(connectors.map((connector) => [connector.id, connector]));
}
