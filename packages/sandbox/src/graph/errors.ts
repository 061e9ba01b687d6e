/** An error of the Graph API: what goes into the envelope, and the HTTP status around it. */
export interface GraphErrorSpec {
  readonly code: number;
  readonly subcode?: number | undefined;
  readonly message?: string | undefined;
  /** Null leaves the key out, as some answers do. */
  readonly type?: string | null | undefined;
  readonly status?: number | undefined;
  readonly userTitle?: string | undefined;
  readonly userMessage?: string | undefined;
  readonly isTransient?: boolean | undefined;
}

interface Known {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly isTransient?: boolean;
}

const OAUTH = 'OAuthException';
const METHOD = 'GraphMethodException';

/** What the source says for each code when nothing else is asked for. */
const KNOWN: Readonly<Record<number, Known>> = {
  1: { status: 500, type: OAUTH, message: 'An unknown error occurred' },
  2: { status: 500, type: OAUTH, message: 'Service temporarily unavailable', isTransient: true },
  3: {
    status: 400,
    type: OAUTH,
    message: '(#3) Application does not have the capability to make this API call.',
  },
  4: { status: 403, type: OAUTH, message: '(#4) Application request limit reached', isTransient: true },
  10: { status: 403, type: OAUTH, message: '(#10) This endpoint requires the pages_messaging permission' },
  17: { status: 400, type: OAUTH, message: '(#17) User request limit reached', isTransient: true },
  32: { status: 403, type: OAUTH, message: '(#32) Page request limit reached' },
  100: { status: 400, type: OAUTH, message: '(#100) Invalid parameter' },
  102: { status: 400, type: OAUTH, message: 'Session key invalid or no longer valid' },
  104: { status: 400, type: OAUTH, message: 'An access token is required to request this resource.' },
  190: { status: 400, type: OAUTH, message: 'Invalid OAuth access token - Cannot parse access token' },
  200: {
    status: 403,
    type: OAUTH,
    message: '(#200) Requires pages_messaging permission to manage the object',
  },
  230: { status: 400, type: OAUTH, message: '(#230) Permissions disallow message to user' },
  341: { status: 400, type: OAUTH, message: '(#341) Application limit reached' },
  368: {
    status: 400,
    type: OAUTH,
    message:
      'It looks like you were misusing this feature by going too fast. You’ve been blocked from using it.',
  },
  613: { status: 400, type: OAUTH, message: '(#613) Calls to this api have exceeded the rate limit.' },
  803: { status: 404, type: OAUTH, message: '(#803) Some of the aliases you requested do not exist' },
  2500: {
    status: 400,
    type: OAUTH,
    message: 'An active access token must be used to query information about the current user.',
  },
  2635: { status: 400, type: OAUTH, message: '(#2635) You are calling a deprecated version of the API.' },
  2642: { status: 400, type: OAUTH, message: '(#2642) Invalid cursors values' },
  80001: {
    status: 400,
    type: OAUTH,
    message: 'There have been too many calls to this Page account. Wait a bit and try again.',
  },
  80006: {
    status: 400,
    type: OAUTH,
    message: 'There have been too many calls to this Messenger account. Wait a bit and try again.',
  },
};

const TOKEN_ENDS: Readonly<Record<number, string>> = {
  458: 'Error validating access token: The user has not authorized the application.',
  459: 'Error validating access token: You cannot access the app till you log in and follow the instructions given.',
  460: 'Error validating access token: The session has been invalidated because the user changed their password.',
  463: 'Error validating access token: Session has expired on Thursday, 01-Jan-26 00:00:00 PST.',
  464: 'Error validating access token: Sessions for the user are not allowed because the user is not confirmed.',
  467: 'Error validating access token: The access token is invalid since the user has logged out.',
  492: 'Error validating access token: The user must be an administrator, editor, or moderator of the page.',
};

export const REDUCE_DATA = "Please reduce the amount of data you're asking for, then retry your request";

/** Refuses a call with an error of the Graph API. */
export class GraphError extends Error {
  readonly spec: GraphErrorSpec;

  constructor(spec: GraphErrorSpec) {
    super(`Graph error ${spec.code}`);
    this.name = 'GraphError';
    this.spec = spec;
  }
}

export function unknownObject(id: string): GraphError {
  const why =
    'does not exist, cannot be loaded due to missing permissions, or does not support this operation';
  const docs = 'Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api';
  const message = `Unsupported get request. Object with ID '${id}' ${why}. ${docs}`;
  return new GraphError({ code: 100, subcode: 33, type: METHOD, message });
}

export function invalidParameter(message: string, type: string = OAUTH): GraphError {
  return new GraphError({ code: 100, message: `(#100) ${message}`, type });
}

/** The proof errors carry no number in their text, unlike other errors of code 100. */
export function proofError(message: string): GraphError {
  return new GraphError({ code: 100, message, type: METHOD });
}

/** "Reduce the amount of data", in either of the places where the source puts these words. */
export function reduceData(textIn: 'message' | 'error_user_msg', omitType = false): GraphErrorSpec {
  const type = omitType ? { type: null } : {};
  if (textIn === 'message') return { code: 1, message: REDUCE_DATA, ...type };
  return { code: 1, subcode: 99, message: 'An unknown error occurred', userMessage: REDUCE_DATA, ...type };
}

/** Status and JSON text of an error. `trace` becomes its `fbtrace_id`. */
export function renderError(spec: GraphErrorSpec, trace: string): { status: number; body: string } {
  const known = KNOWN[spec.code] ?? { status: 400, type: OAUTH, message: `(#${spec.code}) Error` };
  const ended = spec.code === 190 ? TOKEN_ENDS[spec.subcode ?? 0] : undefined;
  const isTransient = spec.isTransient ?? known.isTransient;
  const type = spec.type === undefined ? known.type : spec.type;
  const error = {
    message: spec.message ?? ended ?? known.message,
    ...(type === null ? {} : { type }),
    code: spec.code,
    ...(spec.subcode === undefined ? {} : { error_subcode: spec.subcode }),
    ...(isTransient === undefined ? {} : { is_transient: isTransient }),
    ...(spec.userTitle === undefined ? {} : { error_user_title: spec.userTitle }),
    ...(spec.userMessage === undefined ? {} : { error_user_msg: spec.userMessage }),
    fbtrace_id: trace,
  };
  return { status: spec.status ?? known.status, body: JSON.stringify({ error }) };
}
