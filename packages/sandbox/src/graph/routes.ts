import type { SimConversation, SimPage } from '../data/model.ts';
import { compareKeys } from '../data/sorted.ts';
import { messageKey } from '../data/source.ts';
import {
  compileConversation,
  CONVERSATION_DEFAULTS,
  type ConversationPlan,
  renderConversation,
} from './conversation-node.ts';
import { type EdgeAnswer, renderEdge, renderMessagesEdge, type Shaping } from './edges.ts';
import { GraphError, invalidParameter, unknownObject } from './errors.ts';
import {
  compileMessage,
  MESSAGE_DEFAULTS,
  type MessagePlan,
  oldestDetailed,
  renderMessages,
} from './message-node.ts';
import { readLimit } from './paging.ts';
import { planCache } from './plans.ts';
import { readFields, type RenderContext } from './render.ts';
import type { GraphRequest } from './request.ts';
import type { Simulation } from './simulation.ts';
import { answerSubscribedApps } from './subscribed-apps.ts';
import { rankConversations } from './windows.ts';

const conversationPlans = planCache<ConversationPlan>((text) =>
  compileConversation(readFields(text, CONVERSATION_DEFAULTS)),
);
const messagePlans = planCache<MessagePlan>((text) => compileMessage(readFields(text, MESSAGE_DEFAULTS)));

/** Renders what the path names. Throws the source's error for a path that names nothing. */
export function dispatch(
  sim: Simulation,
  request: GraphRequest,
  context: RenderContext,
  shaping: Shaping,
): EdgeAnswer {
  const { page } = context;
  const objectId = request.objectId ?? '';
  if (request.edge === 'subscribed_apps' && objectId === page.id) {
    return { body: answerSubscribedApps(request, page), rows: 1 };
  }
  if (request.method !== 'GET') {
    throw invalidParameter(`Unsupported ${request.method.toLowerCase()} request.`, 'GraphMethodException');
  }
  const conversation = sim.source.conversation(objectId);
  switch (request.edge) {
    case 'conversations':
      if (objectId === page.id) return answerConversations(request, context, shaping);
      break;
    case 'messages':
      if (conversation !== null) return answerMessages(conversation, request, context, shaping);
      break;
    case 'conversation':
      if (conversation !== null) return answerConversation(conversation, request, context);
      break;
    case 'message':
      return answerMessage(sim, request, context);
    case 'page':
      return answerPage(page, request);
    default:
  }
  throw new GraphError({ code: 2500, message: `Unknown path components: /${request.edgeName ?? ''}` });
}

function answerConversations(request: GraphRequest, context: RenderContext, shaping: Shaping): EdgeAnswer {
  const { params } = request;
  const { page, behaviour } = context;
  const plan = conversationPlans(params.get('fields'));
  const limit = readLimit(params.get('limit'), behaviour.maxLimit);
  const scattered = behaviour.unordered === 'conversations' || behaviour.unordered === 'both';
  let query = '';
  for (const name of ['fields', 'platform', 'folder', 'user_id']) {
    const value = params.get(name);
    if (value !== null) query += `&${name}=${encodeURIComponent(value)}`;
  }
  return renderEdge<SimConversation>({
    edge: 'conversations',
    parent: '',
    ranked: rankConversations(page, scattered, acceptedBy(params)),
    params: { limit, after: params.get('after'), before: params.get('before') },
    shaping,
    path: `/${page.id}/conversations`,
    query: `${query}&limit=${limit}`,
    context,
    render: (rows) => rows.map((row, index) => renderConversation(plan, row, context, index)).join(','),
  });
}

/** Platform, folder and contact; `since` and `until` do nothing on this edge. */
function acceptedBy(params: URLSearchParams): (conversation: SimConversation) => boolean {
  const platform = (params.get('platform') ?? 'messenger').toLowerCase();
  if (platform !== 'messenger' && platform !== 'instagram') throw invalidParameter('platform is not valid');
  const folder = params.get('folder')?.toLowerCase() ?? 'inbox';
  const userId = params.get('user_id');
  return (conversation) =>
    conversation.platform === platform &&
    conversation.folder === folder &&
    (userId === null || conversation.contactId === userId);
}

function answerMessages(
  conversation: SimConversation,
  { params }: GraphRequest,
  context: RenderContext,
  shaping: Shaping,
): EdgeAnswer {
  const fieldsText = params.get('fields');
  const limit = readLimit(params.get('limit'), context.behaviour.maxLimit);
  const paging = { limit, after: params.get('after'), before: params.get('before') };
  const plan = messagePlans(fieldsText);
  return renderMessagesEdge(
    { conversation, plan, params: paging, shaping, fieldsText, parentRow: null },
    context,
  );
}

function answerConversation(
  conversation: SimConversation,
  { params }: GraphRequest,
  context: RenderContext,
): EdgeAnswer {
  const plan = conversationPlans(params.get('fields'));
  return { body: renderConversation(plan, conversation, context, 0), rows: 1 };
}

function answerMessage(sim: Simulation, request: GraphRequest, context: RenderContext): EdgeAnswer {
  const found = sim.source.message(request.objectId ?? '');
  if (found === null) throw unknownObject(request.objectId ?? '');
  const { conversation, message } = found;
  const detailFrom = oldestDetailed(conversation, context);
  if (detailFrom !== null && compareKeys(messageKey(message), detailFrom) < 0) {
    throw new GraphError({ code: 100, subcode: 33, message: '(#100) This message has been deleted.' });
  }
  const plan = messagePlans(request.params.get('fields'));
  const breakageOf = (): RenderContext['breakages'][number] | undefined => context.breakages[0];
  return { body: renderMessages(plan, [message], { conversation, context }, breakageOf), rows: 1 };
}

function answerPage(page: SimPage, { params }: GraphRequest): EdgeAnswer {
  const fields = readFields(params.get('fields'), ['id', 'name']);
  const known: Readonly<Record<string, string>> = {
    id: page.id,
    name: page.name,
    access_token: page.accessToken,
  };
  const out: Record<string, string> = {};
  for (const { name } of fields) {
    const value = known[name];
    if (value === undefined) {
      throw invalidParameter(
        `Tried accessing nonexisting field (${name}) on node type (Page)`,
        'OAuthException',
      );
    }
    out[name] = value;
  }
  return { body: JSON.stringify({ ...out, id: page.id }), rows: 1 };
}
