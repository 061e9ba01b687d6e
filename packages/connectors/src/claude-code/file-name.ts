import path from 'node:path';

/** What the path of a session file tells. */
export interface FileName {
  sessionId: string;
  /** For the file of a subagent: which one. */
  agentId: string | null;
  /** Whether only the lines can tell the session: older versions put files of subagents beside those of sessions. */
  isSessionInLines: boolean;
  /** The folder below the root. */
  project: string;
}

const ID_LENGTH_MAX = 200;

/**
 * `<project>/<session>.jsonl`; `<project>/<session>/subagents/…/agent-<id>.jsonl` belongs to that session; so does a
 * file `agent-<id>.jsonl` beside sessions, whose lines name the session.
 */
export function readFileName(file: string, root: string): FileName {
  const parts = path.relative(root, file).split(path.sep);
  const name = path.basename(file, '.jsonl');
  const agentId = name.startsWith('agent-') ? name.slice('agent-'.length, ID_LENGTH_MAX) : null;
  const subagents = parts.indexOf('subagents');
  const owner = subagents > 0 ? parts[subagents - 1] : undefined;
  return {
    sessionId: (owner ?? name).slice(0, ID_LENGTH_MAX),
    agentId: owner === undefined ? agentId : (agentId ?? name.slice(0, ID_LENGTH_MAX)),
    isSessionInLines: owner === undefined && agentId !== null,
    project: parts.length > 1 ? (parts[0] ?? '') : path.basename(root),
  };
}
