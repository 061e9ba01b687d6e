import type { SourceAnswer } from '@tidemark/core/connector';
import { type Failure, type FailureKind, SourceError } from '@tidemark/core/failure';
import { parseJson } from '@tidemark/core/json';
import type { MessengerConfig } from './config.ts';
import { type GraphError, graphError } from './graph-schemas.ts';
import { APP_POOL, pagePool, regainAccessMs } from './graph-usage.ts';

type Class = 'appThrottle' | 'pageThrottle' | Exclude<FailureKind, 'throttled' | 'internal'>;

/**
 * Codes of the Graph API. The HTTP status and the `type` say nothing: throttles come as 400, 403 and 200, and carry
 * the same OAuthException as a dead token.
 * Sources: developers.facebook.com/docs/graph-api/guides/error-handling, …/overview/rate-limiting,
 * …/reference/page/conversations (errors 104, 190, 200, 230, 368, 613, 2500, 80006).
 */
const CODES: ReadonlyMap<number, Class> = new Map<number, Class>([
  [1, 'transient'],
  [2, 'transient'],
  [3, 'forbidden'],
  [4, 'appThrottle'],
  [10, 'forbidden'],
  [17, 'pageThrottle'],
  [32, 'pageThrottle'],
  [100, 'invalidRequest'],
  [102, 'unauthorized'],
  [104, 'invalidRequest'],
  [190, 'unauthorized'],
  [341, 'pageThrottle'],
  [368, 'blocked'],
  [613, 'pageThrottle'],
  [803, 'invalidRequest'],
  [2500, 'invalidRequest'],
  [2635, 'invalidRequest'],
  [2642, 'staleCursor'],
  ...[80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014].map((code): [number, Class] => [
    code,
    'pageThrottle',
  ]),
]);

/** What a person should do, by class; the subcodes of 190 only say why the token died. */
const ACTIONS: Partial<Record<Class, string>> = {
  unauthorized:
    'Create a new Page access token and store it with PATCH /v1/connections/:id {"credentials": {"accessToken": …}}, then start a sync.',
  forbidden:
    'Grant the app pages_messaging, pages_manage_metadata and pages_read_engagement on the Page, then store a new token with PATCH /v1/connections/:id.',
  blocked:
    'The source blocked the app or account for a while. Look into the App Dashboard, wait some hours, then retry the sync.',
  invalidRequest:
    'Check pageId, META_GRAPH_VERSION, and that appSecret belongs to the app of the token; then retry the sync.',
};

/**
 * Graph uses code 1 both for "unknown error" and for pages that are too large; this sentence, in either message
 * field, is the only mark of the second.
 */
const TOO_MUCH_DATA = /reduce the amount of data/i;

/** Error 100 refuses a parameter, a cursor among them; with this subcode it is the object that cannot be had. */
const OBJECT_GONE = 33;

function classify(error: GraphError, status: number, usedCursor: boolean): Class {
  const { code } = error;
  if (code === 100 && usedCursor && error.error_subcode !== OBJECT_GONE) return 'staleCursor';
  if (
    code === 1 &&
    (TOO_MUCH_DATA.test(error.message ?? '') || TOO_MUCH_DATA.test(error.error_user_msg ?? ''))
  ) {
    return 'tooMuchData';
  }
  const known = code === null || code === undefined ? undefined : CODES.get(code);
  if (known !== undefined) return known;
  if (typeof code === 'number' && code >= 200 && code <= 299) return 'forbidden';
  if (error.is_transient === true || status >= 500) return 'transient';
  if (status === 401) return 'unauthorized';
  return 'invalidResponse';
}

const ERROR_CODE_OF = {
  appThrottle: 'source_throttled',
  pageThrottle: 'source_throttled',
  transient: 'source_unavailable',
  tooMuchData: 'source_page_too_large',
  staleCursor: 'source_cursor_stale',
  unauthorized: 'source_unauthorized',
  forbidden: 'source_forbidden',
  blocked: 'source_blocked',
  invalidRequest: 'source_request_invalid',
  invalidResponse: 'source_response_invalid',
} as const satisfies Record<Class, string>;

function toFailure(
  error: GraphError,
  answer: SourceAnswer,
  config: MessengerConfig,
  usedCursor: boolean,
): Failure {
  const found = classify(error, answer.status, usedCursor);
  const subcode = error.error_subcode ? `/${error.error_subcode}` : '';
  const message = `Graph API error ${error.code ?? 'without code'}${subcode} (HTTP ${answer.status}): ${redact(error.message)}`;
  const action = ACTIONS[found];
  const shared = { code: ERROR_CODE_OF[found], message, ...(action === undefined ? {} : { action }) };
  if (found === 'appThrottle' || found === 'pageThrottle') {
    const pool = found === 'appThrottle' ? APP_POOL : pagePool(config.pageId);
    return { ...shared, kind: 'throttled', pause: { pool, forMs: regainAccessMs(answer, config.pageId) } };
  }
  return { ...shared, kind: found };
}

/** Some messages of the Graph API repeat what was sent; a token is a long run of letters and digits. */
function redact(message: string | null | undefined): string {
  return (message ?? 'no message').replaceAll(/[A-Za-z0-9_-]{40,}/g, '[redacted]').slice(0, 500);
}

/**
 * The body of an answer as JSON, or the failure it stands for. A body that is no JSON was cut off or comes from a
 * proxy, so a repeat may mend it. `usedCursor`: the request went on from a cursor. Throws SourceError.
 */
export function readGraphAnswer(answer: SourceAnswer, config: MessengerConfig, usedCursor = false): unknown {
  const body = readJson(answer);
  const parsed = graphError.safeParse(body);
  if (parsed.success) throw new SourceError(toFailure(parsed.data.error, answer, config, usedCursor));
  if (answer.status >= 400) {
    const kind = answer.status >= 500 ? 'transient' : 'invalidResponse';
    const code = kind === 'transient' ? 'source_unavailable' : 'source_response_invalid';
    throw new SourceError({
      kind,
      code,
      message: `The Graph API answered HTTP ${answer.status} without an error body.`,
    });
  }
  return body;
}

function readJson(answer: SourceAnswer): unknown {
  try {
    return parseJson(answer.body);
  } catch (cause) {
    const message = `The Graph API answered HTTP ${answer.status} with ${answer.body.length} characters that are not JSON.`;
    throw new SourceError({ kind: 'transient', code: 'source_unavailable', message }, { cause });
  }
}
