import path from 'node:path';
import { z } from 'zod';

/** What a user gives to connect a folder of session files. */
export const claudeCodeConfig = z.strictObject({
  /** A folder on the worker's machine. Left out: where Claude Code keeps the files of the user the worker runs as. */
  root: z
    .string()
    .min(1)
    .max(1_000)
    .refine((text) => path.isAbsolute(text) && !text.includes('\0'), { error: 'must be an absolute path' })
    .optional(),
  /** Sync by itself when a file changes. */
  watch: z.boolean().default(false),
});
export type ClaudeCodeConfig = z.infer<typeof claudeCodeConfig>;

/** What may be asked of one sync. */
export const claudeCodeOptions = z.strictObject({
  /** At most so many files are read; the next sync goes on with the others. */
  maxFiles: z.int().min(1).max(1_000_000).optional(),
  /** Files that were read before are left alone, also where they grew. */
  skipExisting: z.boolean().optional(),
});
export type ClaudeCodeOptions = z.infer<typeof claudeCodeOptions>;

/** Where the files are on this machine, and what is read of them at once. */
export interface SessionFiles {
  /** Where Claude Code keeps its files; those that do not exist are passed over. */
  defaultRoots: readonly string[];
  /** Folders below which a configuration may name a root of its own. */
  allowedRoots: readonly string[];
  limits?: Partial<ReadLimits>;
}

export interface ReadLimits {
  /** Bytes of files in one page, roughly: the line that reaches it is finished. */
  pageBytes: number;
  /** A line that is longer is not parsed: it could not be held in memory with others. */
  lineBytes: number;
  /** Files in one page that are looked at without being read, and that are read. */
  pageLooks: number;
  pageFiles: number;
}

export const READ_LIMITS: ReadLimits = {
  pageBytes: 1024 * 1024,
  lineBytes: 8 * 1024 * 1024,
  pageLooks: 20_000,
  pageFiles: 500,
};
