export { type App, buildApp } from './app.ts';
export type { AppDependencies, EventStreamTimes, QueueProducer } from './dependencies.ts';
export { describeApi } from './describe.ts';
export { generateApiKey, hashApiKey } from './keys/api-key.ts';
export { createLogger } from './logging.ts';
export { type RunningApi, type StartApi, startApi } from './start.ts';
