import type { Page, PositionChange, SkipDecision } from '@tidemark/core/connector';
import type { GoneSessionFile, InvalidRecord, SessionFileChunk } from '@tidemark/core/records';
import type { ClaudeCodeCheckpoint, ClaudeCodeWatermark } from './checkpoint.ts';
import type { ReadLimits } from './config.ts';
import { readFileName } from './file-name.ts';
import type { FilePosition } from './file-position.ts';
import { parseLine } from './parse-line.ts';
import type { ChunkRead } from './read-chunk.ts';
import type { BrokenPiece } from './read-lines.ts';

export const STREAM = 'sessions';

/** Of a broken line so much is kept in quarantine; the file has the rest. */
const KEPT_BYTES_MAX = 256 * 1024;

/** Gathers what one page brings, until it is enough for one transaction. */
export class PageBuilder {
  readonly #limits: ReadLimits;
  readonly #chunks: SessionFileChunk[] = [];
  readonly #gone: GoneSessionFile[] = [];
  readonly #invalid: InvalidRecord[] = [];
  readonly #positions = new Map<string, PositionChange>();
  readonly #skips: SkipDecision[] = [];
  #bytes = 0;
  #looks = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    const { pageBytes, pageFiles, pageLooks } = this.#limits;
    return this.#bytes >= pageBytes || this.#chunks.length >= pageFiles || this.#looks >= pageLooks;
  }

  looked(): void {
    this.#looks += 1;
  }

  read(file: { path: string; root: string }, from: FilePosition, chunk: ChunkRead): void {
    const { path } = file;
    const { position } = chunk;
    const { isSessionInLines, ...name } = readFileName(path, file.root);
    const lines = chunk.objects.map((object) => parseLine(object, name));
    const modifiedAt = new Date(Number(BigInt(position.modifiedNs) / 1_000_000n)).toISOString();
    this.#chunks.push({
      ...name,
      path,
      sessionId: isSessionInLines ? (lines[0]?.sessionId ?? name.sessionId) : name.sessionId,
      size: position.size,
      modifiedAt,
      fromByte: from.offset,
      toByte: position.offset,
      atEnd: position.atEnd,
      lines,
    });
    this.#invalid.push(...chunk.broken.map((piece) => quarantined(path, piece, modifiedAt)));
    this.#positions.set(path, { key: path, position });
    this.#bytes += position.offset - from.offset;
  }

  vanished(path: string): void {
    this.#gone.push({ path });
    this.#positions.set(path, { key: path, position: null });
  }

  skipped(file: { path: string; root: string }, reason: string): void {
    this.#skips.push({ subject: readFileName(file.path, file.root).sessionId, reason });
  }

  unreadable(path: string, code: string): void {
    const reason = `It cannot be read (${code}).`;
    this.#invalid.push({ stream: 'files', externalId: path, reason, path: '', raw: { path, code } });
  }

  build(next: ClaudeCodeCheckpoint | null): Page<ClaudeCodeCheckpoint, ClaudeCodeWatermark> {
    const isEmpty = this.#chunks.length === 0 && this.#gone.length === 0;
    return {
      records: isEmpty ? [] : [{ kind: 'sessionFiles', rows: this.#chunks, gone: this.#gone }],
      invalid: this.#invalid,
      next,
      watermark: next === null ? { v: 1 } : null,
      total: null,
      positions: [...this.#positions.values()],
      skips: this.#skips,
    };
  }
}

function quarantined(path: string, piece: BrokenPiece, asOf: string): InvalidRecord {
  const kept = piece.bytes.subarray(0, KEPT_BYTES_MAX);
  return {
    stream: 'lines',
    externalId: `${path}:${piece.lineNumber}`,
    reason: `${piece.reason} ${path}, line ${piece.lineNumber}`,
    path: '',
    raw: {
      file: path,
      line: piece.lineNumber,
      offset: piece.at,
      bytes: piece.bytes.length,
      base64: kept.toString('base64'),
      text: kept.toString('utf8'),
    },
    asOf,
  };
}
