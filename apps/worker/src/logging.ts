import { EVENT_LEVELS, type EventBus } from '@tidemark/core/events';
import type { Logger } from 'pino';

/** The log as one subscriber of the event catalogue: an event's name and fields are the line's fields. */
export function logEvents(events: EventBus, logger: Logger): () => void {
  return events.subscribe((name, fields) => logger[EVENT_LEVELS[name]]({ event: name, ...fields }));
}
