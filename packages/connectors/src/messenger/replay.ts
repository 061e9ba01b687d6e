import type { ReplayOutcome, ReplayRequest } from '@tidemark/core/connector';
import type { ConversationRecord, InvalidRecord } from '@tidemark/core/records';
import type { MessengerConfig } from './config.ts';
import { messagesOf, parseConversation, parseMessages } from './to-records.ts';
import { readEvent, WEBHOOK_EVENTS } from './webhook/read-event.ts';

/**
 * Reads a quarantined conversation or message again, as a page would. A conversation brings the messages that were
 * nested in it; further ones come with the next full sync.
 */
export function replayRecord(request: ReplayRequest<MessengerConfig>): ReplayOutcome {
  switch (request.stream) {
    case 'conversations':
      return replayConversation(request);
    case 'messages':
      return replayMessage(request);
    case WEBHOOK_EVENTS:
      return replayEvent(request);
    default:
      return {
        kind: 'invalid',
        path: '',
        reason: `Records of "${request.stream}" are not stored by themselves. Discard it.`,
      };
  }
}

function replayConversation({ config, raw, asOf }: ReplayRequest<MessengerConfig>): ReplayOutcome {
  const parsed = parseConversation(raw, { pageId: config.pageId, asOf });
  if (!('record' in parsed)) return { kind: 'invalid', reason: parsed.reason, path: parsed.path };
  return placed(parsed.record, parsed.invalid);
}

function replayMessage({ config, raw, parentId, asOf }: ReplayRequest<MessengerConfig>): ReplayOutcome {
  if (parentId === null) {
    return {
      kind: 'invalid',
      path: '',
      reason: 'It is not known whose message this is. Run a full sync instead.',
    };
  }
  const context = { pageId: config.pageId, senderId: parentId, asOf };
  const { events, invalid } = parseMessages([raw], context);
  const [refused] = invalid;
  if (refused !== undefined) return { kind: 'invalid', reason: refused.reason, path: refused.path };
  return placed(messagesOf(context, events), []);
}

function replayEvent({ config, raw, asOf }: ReplayRequest<MessengerConfig>): ReplayOutcome {
  const { pageId } = config;
  const read = readEvent(raw, { pageId, entryTime: asOf, isStandby: false });
  if (read.kind === 'events') {
    return placed(messagesOf({ pageId, senderId: read.senderId, asOf }, read.events), []);
  }
  if (read.kind === 'invalid')
    return { kind: 'invalid', reason: read.invalid.reason, path: read.invalid.path };
  return { kind: 'invalid', path: '', reason: 'It belongs to no conversation. Discard it.' };
}

function placed(record: ConversationRecord, invalid: InvalidRecord[]): ReplayOutcome {
  return { kind: 'records', records: [{ kind: 'conversations', rows: [record] }], invalid };
}
