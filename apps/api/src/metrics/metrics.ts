import type { EventBus } from '@tidemark/core/events';
import { Counter, Registry } from 'prom-client';

/** What Prometheus reads of this process. */
export interface Metrics {
  contentType: string;
  /** In the text format of Prometheus. */
  read(): Promise<string>;
}

/**
 * Counts what happens in this process, as one more subscriber of the catalogue of events. Counters start at zero with the
 * process, as Prometheus expects them to.
 */
export function createMetrics(bus: Pick<EventBus, 'subscribe'>): Metrics {
  const registry = new Registry();
  const events = new Counter({
    name: 'tidemark_events_total',
    help: 'What happened in this process, by the name of the event.',
    labelNames: ['event'],
    registers: [registry],
  });
  const refused = new Counter({
    name: 'tidemark_webhooks_refused_total',
    help: 'Webhook deliveries that were not taken in, by source and reason.',
    labelNames: ['source', 'reason'],
    registers: [registry],
  });
  bus.subscribe((event, fields) => {
    events.inc({ event });
    if (event === 'webhook.refused' && 'reason' in fields && 'source' in fields) {
      refused.inc({ source: fields.source, reason: fields.reason });
    }
  });
  return { contentType: registry.contentType, read: () => registry.metrics() };
}
