export type { ReadLimits, SessionFiles } from './claude-code/config.ts';
export { claudeCodeConnector } from './claude-code/index.ts';
export { messengerConnector } from './messenger/index.ts';
export { connectorRegistry, type SourceAddresses } from './registry.ts';
