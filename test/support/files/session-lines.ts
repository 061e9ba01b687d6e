/** A line as Claude Code writes one; what is given overrides. */
export interface LineFields {
  type?: string;
  uuid?: string | null;
  parentUuid?: string | null;
  sessionId?: string;
  timestamp?: string;
  isSidechain?: boolean;
  requestId?: string | null | undefined;
  [field: string]: unknown;
}

const ENVELOPE = {
  isSidechain: false,
  userType: 'external',
  cwd: '/srv/ada/shop',
  version: '2.1.0',
  gitBranch: 'main',
  timestamp: '2026-03-01T10:00:00.000Z',
};

/** What a person wrote. */
export function userLine(uuid: string, text: string, fields: LineFields = {}): string {
  const message = { role: 'user', content: text };
  return JSON.stringify({
    ...ENVELOPE,
    type: 'user',
    uuid,
    parentUuid: null,
    sessionId: 's1',
    message,
    ...fields,
  });
}

export interface Answer {
  id?: string;
  requestId?: string | undefined;
  /** input, output, cache creation, cache read. */
  tokens?: readonly [number, number, number, number];
  content?: unknown;
  model?: string;
}

/** A step of a response. */
export function answerLine(uuid: string, answer: Answer = {}, fields: LineFields = {}): string {
  const {
    id = `msg_${uuid}`,
    requestId = `req_${id}`,
    tokens = [1, 2, 3, 4],
    model = 'claude-opus-4-6',
  } = answer;
  const [input, output, created, read] = tokens;
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: answer.content ?? [{ type: 'text', text: `answer ${uuid}` }],
    stop_reason: null,
    usage: {
      input_tokens: input,
      output_tokens: output,
      cache_creation_input_tokens: created,
      cache_read_input_tokens: read,
    },
  };
  const own = { type: 'assistant', uuid, parentUuid: null, sessionId: 's1', requestId, message };
  return JSON.stringify({ ...ENVELOPE, ...own, ...fields });
}

/** A response with one tool it asks for. */
export function toolLine(uuid: string, name: string, answer: Answer = {}, fields: LineFields = {}): string {
  const content = [{ type: 'tool_use', id: `toolu_${uuid}`, name, input: { path: 'a.ts' } }];
  return answerLine(uuid, { ...answer, content }, fields);
}

/** So many short lines of one session, each with a text of its own. */
export function someLines(count: number, prefix = 'l', fields: LineFields = {}): string[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${prefix}${index}`;
    return index % 2 === 0 ? userLine(name, `question ${name} — ü 🙂`, fields) : answerLine(name, {}, fields);
  });
}

export const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
