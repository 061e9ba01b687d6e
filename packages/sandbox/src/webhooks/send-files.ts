import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createPoster, type PostResult } from './post.ts';
import { signatureHeaders } from './sign.ts';
import { wrapEvent } from './wrap-event.ts';

export interface SendFilesOptions {
  readonly directory: string;
  readonly url: string;
  readonly secret: string;
  /** Requests under way at once; 1 keeps the order of the files. */
  readonly concurrency: number;
  /** Sends everything a second time when all of it was sent. */
  readonly repeat: boolean;
  /** Puts bare events into an envelope, for this page where they do not tell theirs; null sends all as it is. */
  readonly wrapFor: string | null;
  readonly timeoutMs: number;
}

export interface SentFile extends PostResult {
  /** Path below the folder. */
  readonly file: string;
  /** 1, or 2 for the repetition. */
  readonly round: number;
}

/**
 * Sends every file below a folder as one signed delivery, in the order of their names. The bytes of a file are what is
 * signed and sent. Calls `sent` after each answer. Rejects with the system's error for a folder that cannot be read.
 */
export async function sendFiles(
  options: SendFilesOptions,
  sent: (result: SentFile) => void,
): Promise<readonly SentFile[]> {
  const files = await filesBelow(options.directory);
  const results: SentFile[] = [];
  const poster = createPoster(options.url);
  const sendOne = async (file: string, round: number): Promise<void> => {
    const bytes = await readFile(path.join(options.directory, file));
    const body = options.wrapFor === null ? bytes : wrapEvent(bytes, options.wrapFor, Date.now());
    const answer = await poster.post(body, signatureHeaders(options.secret, body), options.timeoutMs);
    const result = { file, round, ...answer };
    results.push(result);
    sent(result);
  };
  try {
    for (const round of options.repeat ? [1, 2] : [1]) {
      const left = files.values();
      const sender = async (): Promise<void> => {
        for (const file of left) await sendOne(file, round);
      };
      await Promise.all(Array.from({ length: options.concurrency }, sender));
    }
  } finally {
    poster.close();
  }
  return results;
}

async function filesBelow(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
  return files.map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name))).sort();
}

/** True when every delivery got an answer that a healthy receiver gives: accepted, or refused for what it is. */
export function allAnswered(results: readonly PostResult[]): boolean {
  return results.every(({ status }) => status !== null && (within(status, 200) || within(status, 400)));
}

function within(status: number, hundred: number): boolean {
  return status >= hundred && status < hundred + 100;
}
