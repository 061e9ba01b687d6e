import { isUtf8 } from 'node:buffer';
import { closedObject, skipBlank } from './split-objects.ts';

/** An object that parsed, with where it stands in the bytes that were given. */
export interface FoundObject {
  at: number;
  bytes: number;
  lineNumber: number;
  raw: string;
  value: Record<string, unknown>;
}

/** A piece of a line that is no object. */
export interface BrokenPiece {
  at: number;
  bytes: Buffer;
  lineNumber: number;
  reason: string;
}

export interface LinesRead {
  objects: FoundObject[];
  broken: BrokenPiece[];
  /** How many of the bytes are done with. */
  consumed: number;
  /** Line breaks up to there. */
  lines: number;
  /** What was left begins a line that is longer than may be. */
  isOversized: boolean;
}

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads the objects of whole lines, and those that are already closed in the line the bytes end in. What is decided about
 * a place in a file depends on the bytes from there to the end of the line alone, so it makes no difference into which
 * pieces a file was cut while it was written:
 *
 * - objects are taken from left to right, several on one line too;
 * - the rest of a line from the first thing on that is no object, or does not parse, is broken;
 * - an unfinished line waits, but for the objects in it that are closed: nothing that is appended can change those.
 */
export function readLines(
  bytes: Buffer,
  start: { lines: number; isFileStart: boolean },
  lineBytesMax: number,
): LinesRead {
  const read: LinesRead = { objects: [], broken: [], consumed: 0, lines: start.lines, isOversized: false };
  if (start.isFileStart && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) read.consumed = 3;
  while (read.consumed < bytes.length) {
    const end = bytes.indexOf(NEWLINE, read.consumed);
    takeObjects(read, bytes, end === -1 ? bytes.length : end, lineBytesMax);
    const rest = (end === -1 ? bytes.length : end) - read.consumed;
    if (end === -1) {
      read.isOversized = rest > lineBytesMax;
      return read;
    }
    if (rest > lineBytesMax) return { ...read, isOversized: true };
    if (rest > 0) breakOff(read, bytes, end);
    read.consumed = end + 1;
    read.lines += 1;
  }
  return read;
}

/** Takes what is closed and parses, from the left. */
function takeObjects(read: LinesRead, bytes: Buffer, end: number, bytesMax: number): void {
  for (;;) {
    read.consumed = skipBlank(bytes, read.consumed, end);
    const span = closedObject(bytes, read.consumed, Math.min(end, read.consumed + bytesMax));
    if (span === null) return;
    const piece = bytes.subarray(span.from, span.to);
    const raw = isUtf8(piece) ? piece.toString('utf8') : null;
    const value = raw === null ? null : parseObject(raw);
    if (raw === null || value === null) return;
    read.objects.push({ at: span.from, bytes: piece.length, lineNumber: read.lines + 1, raw, value });
    read.consumed = span.to;
  }
}

function parseObject(raw: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(raw);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function breakOff(read: LinesRead, bytes: Buffer, end: number): void {
  const piece = Buffer.from(bytes.subarray(read.consumed, end));
  read.broken.push({
    at: read.consumed,
    bytes: piece,
    lineNumber: read.lines + 1,
    reason: reasonOf(piece),
  });
}

function reasonOf(piece: Buffer): string {
  if (!isUtf8(piece)) return 'The line is not valid UTF-8.';
  try {
    JSON.parse(piece.toString('utf8'));
    return 'The line is JSON, but no object, or one that is nested too deeply.';
  } catch {
    return 'The line is not JSON.';
  }
}
