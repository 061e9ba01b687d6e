import { open } from 'node:fs/promises';
import { defineStream, type FetchContext, type Page, type PositionReader } from '@tidemark/core/connector';
import { SourceError } from '@tidemark/core/failure';
import { compareCodePoints } from '@tidemark/core/hashing';
import {
  type ClaudeCodeCheckpoint,
  type ClaudeCodeWatermark,
  claudeCodeCheckpoint,
  claudeCodeWatermark,
  startWalk,
} from './checkpoint.ts';
import {
  type ClaudeCodeConfig,
  claudeCodeOptions,
  READ_LIMITS,
  type ReadLimits,
  type SessionFiles,
} from './config.ts';
import { fileErrorCode, isMissing, isUnreadable } from './file-errors.ts';
import {
  type FilePosition,
  filePosition,
  identityOf,
  isUnchanged,
  resumeAt,
  startOfFile,
} from './file-position.ts';
import { PageBuilder, STREAM } from './page-builder.ts';
import { readChunk } from './read-chunk.ts';
import { resolveRoots } from './roots.ts';
import { type Found, walkFiles } from './walk-files.ts';

type Context = FetchContext<ClaudeCodeConfig, undefined, ClaudeCodeCheckpoint>;
type SessionsPage = Page<ClaudeCodeCheckpoint, ClaudeCodeWatermark>;
type FoundFile = Extract<Found, { kind: 'file' }>;

/** Files whose positions are asked for at once: few at first, for a page may be full with one of them. */
const [BATCH_MIN, BATCH_MAX] = [32, 4_096];

/**
 * The walk over the files of all sessions, in the order of their paths. A page reads about a megabyte: many small
 * files, or a part of a large one. Files that did not change are passed by without being opened.
 */
export function sessionsStream(files: SessionFiles) {
  const limits = { ...READ_LIMITS, ...files.limits };
  return defineStream<ClaudeCodeConfig, undefined, ClaudeCodeCheckpoint, ClaudeCodeWatermark>({
    name: STREAM,
    kind: 'sessionFiles',
    checkpoint: claudeCodeCheckpoint,
    watermark: claudeCodeWatermark,
    start: ({ watermark, options }) => startWalk(watermark === null, claudeCodeOptions.parse(options ?? {})),
    fetchPage: async (context) => {
      context.signal.throwIfAborted();
      const roots = await resolveRoots(context.config, files);
      try {
        return await new Walk(context, roots, limits).page();
      } catch (error) {
        context.signal.throwIfAborted();
        throw asSourceError(error);
      }
    },
  });
}

/** What is not one file's fault, such as too many open files or a disk that fails, may pass. */
function asSourceError(error: unknown): unknown {
  const code = fileErrorCode(error);
  if (error instanceof SourceError || code === null) return error;
  const message = `The files cannot be read (${code}).`;
  return new SourceError({ kind: 'transient', code: 'source_unavailable', message }, { cause: error });
}

/** One page of a walk. */
class Walk {
  readonly #signal: AbortSignal;
  readonly #positions: PositionReader;
  readonly #roots: readonly string[];
  readonly #limits: ReadLimits;
  readonly #page: PageBuilder;
  #checkpoint: ClaudeCodeCheckpoint;
  /** What could not be looked at, so that nothing below it is taken for gone. */
  readonly #unreadable: string[] = [];

  constructor({ checkpoint, positions, signal }: Context, roots: readonly string[], limits: ReadLimits) {
    this.#checkpoint = checkpoint;
    this.#positions = positions;
    this.#signal = signal;
    this.#roots = roots;
    this.#limits = limits;
    this.#page = new PageBuilder(limits);
  }

  async page(): Promise<SessionsPage> {
    const { current } = this.#checkpoint;
    if (current !== null) await this.#readFile(current, current.position);
    if (this.#isDone()) return this.#page.build(this.#checkpoint);
    let batch: Found[] = [];
    let size = BATCH_MIN;
    for await (const found of walkFiles(this.#roots, this.#checkpoint.after, this.#signal)) {
      batch.push(found);
      if (batch.length < size) continue;
      await this.#takeBatch(batch, found.path);
      if (this.#isDone()) return this.#page.build(this.#checkpoint);
      batch = [];
      size = Math.min(BATCH_MAX, size * 2);
    }
    await this.#takeBatch(batch, null);
    return this.#page.build(this.#isDone() ? this.#checkpoint : null);
  }

  #isDone(): boolean {
    return this.#checkpoint.current !== null || this.#page.isFull;
  }

  /** Everything there is after the checkpoint and up to `through`; null: up to the end. */
  async #takeBatch(batch: readonly Found[], through: string | null): Promise<void> {
    const known = await this.#positions.between({ after: this.#checkpoint.after, through });
    const found = new Map(batch.map((one) => [one.path, one]));
    const paths = [...new Set([...found.keys(), ...known.keys()])].sort(compareCodePoints);
    for (const path of paths) {
      this.#signal.throwIfAborted();
      const position = filePosition.safeParse(known.get(path));
      await this.#take(path, found.get(path), position.success ? position.data : null);
      if (this.#checkpoint.current === null) this.#checkpoint = { ...this.#checkpoint, after: path };
      if (this.#isDone()) return;
    }
  }

  async #take(path: string, found: Found | undefined, known: FilePosition | null): Promise<void> {
    this.#page.looked();
    if (found?.kind === 'unreadable') {
      this.#unreadable.push(path);
      this.#page.unreadable(path, found.code);
    } else if (found === undefined) {
      if (!this.#unreadable.some((prefix) => path.startsWith(prefix))) this.#page.vanished(path);
    } else if (this.#isWanted(found, known)) {
      await this.#readFile(found, this.#checkpoint.isFull ? null : known);
    }
  }

  /** Decides whether a file is read, and counts it if it is. */
  #isWanted(found: FoundFile, known: FilePosition | null): boolean {
    const { isFull, skipExisting, filesLeft } = this.#checkpoint;
    if (known !== null && !isFull && isUnchanged(known, identityOf(found.stat))) return false;
    if (known !== null && skipExisting) {
      this.#page.skipped(found, 'it is stored already, and only new files were asked for');
      return false;
    }
    if (filesLeft === 0) {
      this.#page.skipped(found, 'the files that may be read at once were read; the next sync goes on');
      return false;
    }
    if (filesLeft !== null) this.#checkpoint = { ...this.#checkpoint, filesLeft: filesLeft - 1 };
    return true;
  }

  /** Reads a file to its end, or until the page is full; the checkpoint then stands within it. */
  async #readFile(file: { path: string; root: string }, known: FilePosition | null): Promise<void> {
    this.#checkpoint = { ...this.#checkpoint, current: null };
    try {
      await using handle = await open(file.path, 'r');
      const now = identityOf(await handle.stat({ bigint: true }));
      let position = known === null ? startOfFile(now) : await resumeAt(handle, known, now);
      for (;;) {
        this.#signal.throwIfAborted();
        const chunk = await readChunk(handle, position, this.#limits);
        this.#page.read(file, position, chunk);
        const isStuck =
          chunk.position.offset === position.offset &&
          chunk.position.oversizedFrom === position.oversizedFrom;
        position = chunk.position;
        if (position.atEnd || isStuck) break;
        if (!this.#page.isFull) continue;
        const current = { path: file.path, root: file.root, position };
        this.#checkpoint = { ...this.#checkpoint, current };
        return;
      }
    } catch (error) {
      if (isUnreadable(error)) this.#page.unreadable(file.path, fileErrorCode(error) ?? '');
      // Gone since it was seen: the next sync will not find it.
      else if (!isMissing(error)) throw error;
    }
    this.#checkpoint = { ...this.#checkpoint, after: file.path };
  }
}
