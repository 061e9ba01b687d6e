export { AGEING_STEP_MS, agedRank } from './ageing.ts';
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
export {
  FIRST_RANK,
  LAST_RANK,
  type Priority,
  PRIORITIES,
  priorityRank,
  type Trigger,
  TRIGGERS,
} from './priority.ts';
