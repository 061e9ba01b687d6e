export {
  JOBS,
  type JobDefinition,
  type JobName,
  type JobPayload,
  type JobRequest,
  jobIdOf,
  QUEUE_NAMES,
  type QueueName,
} from './catalogue.ts';
export { type Priority, PRIORITIES, priorityRank, type Trigger, TRIGGERS } from './priority.ts';
