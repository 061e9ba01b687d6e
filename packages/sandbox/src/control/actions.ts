import type { z } from 'zod';
import type { Simulation } from '../graph/simulation.ts';
import type { Health, MutationAnswer, PageFacts, WebhookFacts, WindowFacts } from './answers.ts';
import type {
  callsQuery,
  expectedQuery,
  faultsSchema,
  mutationSchema,
  tokenSchema,
  trafficSchema,
  webhookLedgerQuery,
  windowQuery,
} from './schemas.ts';

/** What the routes of the control surface do, with input that was validated. */

export function health(sim: Simulation): Health {
  const { behaviour, latency } = sim;
  return { ok: true, now: sim.clock.now(), behaviour, latency, pages: pageFacts(sim) };
}

export function pageFacts(sim: Simulation): PageFacts[] {
  return [...sim.source.pages.values()].map((page) => ({
    pageId: page.id,
    name: page.name,
    accessToken: page.accessToken,
    conversations: page.conversations.length,
    messages: page.conversations.reduce((sum, item) => sum + item.messages.length, 0),
    subscribedFields: [...page.subscribedApps.values()].flat(),
  }));
}

export function expected(sim: Simulation, query: z.output<typeof expectedQuery>): unknown {
  return sim.ledger.expected(query.pageId, query);
}

export function calls(sim: Simulation, query: z.output<typeof callsQuery>): unknown {
  const { since = 0 } = query;
  return { calls: sim.ledger.calls(query).filter((call) => call.seq > since), dropped: sim.ledger.dropped };
}

export function window(sim: Simulation, query: z.output<typeof windowQuery>): WindowFacts {
  const { total, dropped, maxConcurrent, running } = sim.ledger;
  return {
    max: sim.ledger.maxInWindow(query.ms, query),
    calls: sim.ledger.calls(query).length,
    maxRunning: sim.ledger.maxRunning(query),
    total,
    dropped,
    maxConcurrent,
    running,
  };
}

export function addFaults(sim: Simulation, rules: z.output<typeof faultsSchema>): { ids: string[] } {
  return { ids: [rules].flat().map((rule) => sim.faults.add(rule)) };
}

export function removeFaults(sim: Simulation, id: string | undefined): { removed: number } {
  const before = sim.faults.list().length;
  if (id === undefined) sim.faults.clear();
  else sim.faults.remove(id);
  return { removed: before - sim.faults.list().length };
}

export function changeToken(sim: Simulation, input: z.output<typeof tokenSchema>): { ok: true } {
  if (input.action === 'expire') sim.source.expireToken(input.pageId, input.subcode);
  else sim.source.renewToken(input.pageId, input.accessToken);
  return { ok: true };
}

export function change({ source }: Simulation, input: z.output<typeof mutationSchema>): MutationAnswer {
  switch (input.action) {
    case 'add-message': {
      const message = source.addMessage(input);
      return { conversationId: source.message(message.id)?.conversation.id ?? '', messageId: message.id };
    }
    case 'edit-message': {
      source.editMessage(input.messageId, input.text, { bump: input.bump });
      const found = source.message(input.messageId);
      return { conversationId: found?.conversation.id ?? '', messageId: input.messageId };
    }
    case 'delete-message': {
      const found = source.message(input.messageId);
      source.deleteMessage(input.messageId);
      return { conversationId: found?.conversation.id ?? '', messageId: input.messageId };
    }
    case 'add-conversation':
      return { conversationId: source.addConversation(input).id, messageId: null };
    case 'delete-conversation':
      source.deleteConversation(input.conversationId);
      return { conversationId: input.conversationId, messageId: null };
  }
}

export function startTraffic(sim: Simulation, spec: z.output<typeof trafficSchema>): { ok: true } {
  sim.webhooks.run(spec).catch((error: unknown) => {
    process.emitWarning(error instanceof Error ? error : String(error));
  });
  return { ok: true };
}

export function webhookFacts(
  { webhooks }: Simulation,
  query: z.output<typeof webhookLedgerQuery>,
): WebhookFacts {
  const { ledger } = webhooks;
  return {
    status: webhooks.status(),
    totals: ledger.totals(),
    events: ledger.events(query),
    deliveries: ledger.deliveries(query),
    alerts: ledger.alerts(),
  };
}
