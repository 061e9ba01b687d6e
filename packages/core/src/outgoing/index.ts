export { OUTGOING_EVENT_TYPES, type OutgoingEventType } from './event-types.ts';
export { DELIVERY_ATTEMPTS_MAX, FAILING_SECONDS_MAX, retryDelaySeconds } from './retry-schedule.ts';
export { type TargetRefusal, targetRefusal } from './target.ts';
