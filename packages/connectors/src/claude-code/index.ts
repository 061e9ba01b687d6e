import { defineConnector } from '@tidemark/core/connector';
import { type ClaudeCodeConfig, claudeCodeConfig, claudeCodeOptions, type SessionFiles } from './config.ts';
import { sessionsStream } from './sessions-stream.ts';
import { watchFiles } from './watch-files.ts';

/** The session files of Claude Code on the worker's machine. They are read, never written. */
export function claudeCodeConnector(files: SessionFiles) {
  return defineConnector<ClaudeCodeConfig, undefined>({
    id: 'claude-code',
    title: 'Session files of Claude Code',
    config: claudeCodeConfig,
    credentials: null,
    identity: (config) => config.root ?? '~',
    syncOptions: claudeCodeOptions,
    watch: {
      wanted: (config) => config.watch,
      run: ({ config, signal, onChange }) => watchFiles({ config, files, signal, onChange }),
    },
    streams: [sessionsStream(files)],
  });
}
