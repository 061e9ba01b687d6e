import { z } from 'zod';
import type { ClaudeCodeOptions } from './config.ts';
import { filePosition } from './file-position.ts';

/**
 * How far the tree is known is told by the positions of its files, each by itself. The watermark says only that a walk
 * came to its end: a connection without one has everything to read.
 */
export const claudeCodeWatermark = z.strictObject({ v: z.literal(1) });
export type ClaudeCodeWatermark = z.infer<typeof claudeCodeWatermark>;

/** Where a walk over the tree stands: between two paths, or within a file. */
export const claudeCodeCheckpoint = z.strictObject({
  v: z.literal(1),
  /** The last path that is done with; null: none yet. */
  after: z.string().nullable(),
  /** The file that is being read, and how far. */
  current: z.strictObject({ path: z.string(), root: z.string(), position: filePosition }).nullable(),
  /** Every file is read from its start, whatever is known of it. */
  isFull: z.boolean(),
  /** Files that may still be read; null for any number. */
  filesLeft: z.int().nonnegative().nullable(),
  skipExisting: z.boolean(),
});
export type ClaudeCodeCheckpoint = z.infer<typeof claudeCodeCheckpoint>;

export function startWalk(isFull: boolean, options: ClaudeCodeOptions): ClaudeCodeCheckpoint {
  return {
    v: 1,
    after: null,
    current: null,
    isFull,
    filesLeft: options.maxFiles ?? null,
    skipExisting: options.skipExisting ?? false,
  };
}
