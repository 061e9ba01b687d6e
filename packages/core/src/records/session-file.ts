/** Tokens of one response by what they cost; a class the source does not tell counts as 0. */
export interface TokenUsage {
  input: number;
  output: number;
  cacheCreation: number;
  cacheRead: number;
}

/** What a line tells of a message: its author's words, or one step or block of a response. */
export interface SessionMessagePart {
  /** Lines with the same key tell of one message: the id of the response, else what names the line. */
  key: string;
  /** The id of the response; only lines that have one can belong to the same message. */
  messageId: string | null;
  requestId: string | null;
  role: string;
  model: string | null;
  stopReason: string | null;
  usage: TokenUsage | null;
}

/** One JSON object of a session file. */
export interface SessionLine {
  /** Of its first byte in the file, and how many there are. */
  offset: number;
  bytes: number;
  /** From 1. */
  lineNumber: number;
  type: string;
  uuid: string | null;
  parentUuid: string | null;
  sessionId: string;
  agentId: string | null;
  isSidechain: boolean;
  /** ISO 8601; null where the line tells none that can be read. */
  at: string | null;
  cwd: string | null;
  gitBranch: string | null;
  programVersion: string | null;
  /** What the line says the session is called, and how much that counts: a person's choice most. */
  title: { text: string; rank: number } | null;
  /** Null for lines that are no message. */
  message: SessionMessagePart | null;
  /** The object as it stands in the file; every digit is kept. */
  raw: string;
  contentHash: string;
}

/**
 * What one read of a session file found: between these bytes it holds exactly these lines. It says nothing of other
 * bytes, except at the end: beyond it there are none.
 */
export interface SessionFileChunk {
  path: string;
  /** The session the file is named after, and for the file of a subagent which one. */
  sessionId: string;
  agentId: string | null;
  /** The folder below the root: the working directory, written so that it cannot be read back. */
  project: string;
  size: number;
  modifiedAt: string;
  fromByte: number;
  toByte: number;
  atEnd: boolean;
  lines: SessionLine[];
}

/** Files that are no longer there. Their rows stay. */
export interface GoneSessionFile {
  path: string;
}
