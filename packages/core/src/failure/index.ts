export { BACKOFF, backoffMs } from './backoff.ts';
export {
  ATTEMPTS_MAX,
  ATTEMPTS_MAX_FEW,
  type Decision,
  decide,
  isRetryable,
  PAUSE_DEFAULT_MS,
  PAUSE_MAX_MS,
} from './decide.ts';
export { FAILURE_KINDS, type Failure, type FailureKind, SourceError } from './kinds.ts';
