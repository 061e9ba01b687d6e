export { type RunningWorker, SecondWorkerError, type StartWorker, startWorker } from './start.ts';
