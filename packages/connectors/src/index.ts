export { messengerConnector } from './messenger/index.ts';
export { connectorRegistry, type SourceAddresses } from './registry.ts';
