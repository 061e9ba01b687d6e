export * from './conflicts.ts';
export * from './connections.ts';
export * from './messenger.ts';
export * from './operations.ts';
export * from './outgoing.ts';
export * from './sync-schedules.ts';
export * from './syncs.ts';
export * from './tenants.ts';
