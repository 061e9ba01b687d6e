import type { FileHandle } from 'node:fs/promises';
import type { ReadLimits } from './config.ts';
import { advance, type FilePosition } from './file-position.ts';
import { type BrokenPiece, type FoundObject, readLines } from './read-lines.ts';

/** What one bounded read of a file brought; places are offsets in the file. */
export interface ChunkRead {
  objects: FoundObject[];
  broken: BrokenPiece[];
  position: FilePosition;
}

const NEWLINE = 0x0a;
/** Shown of a line that is too long. */
const EXCERPT_BYTES = 1_024;

/**
 * Reads on from a position, about `pageBytes`, or one whole line. Never holds more than that and one line of the
 * longest kind. What was appended since the file was opened is left to the next sync.
 */
export async function readChunk(
  handle: FileHandle,
  position: FilePosition,
  limits: ReadLimits,
): Promise<ChunkRead> {
  if (position.oversizedFrom !== null) return passOver(handle, position, limits);
  let bytes = await readBytes(handle, position, limits.pageBytes);
  for (;;) {
    const isEnd = position.offset + bytes.length >= position.size;
    const start = { lines: position.lines, isFileStart: position.offset === 0 };
    const read = readLines(bytes, start, limits.lineBytes);
    if (read.isOversized) return { ...inFile(read, position), ...beginOversized(bytes, read, position) };
    if (read.consumed > 0 || isEnd || bytes.length < limits.pageBytes) {
      const { consumed, lines } = read;
      const to = { lines, oversizedFrom: null, atEnd: isEnd };
      return { ...inFile(read, position), position: advance(position, bytes.subarray(0, consumed), to) };
    }
    // A line that is longer than a page: twice as much, up to what a line may have.
    const more = await readBytes(handle, position, Math.min(bytes.length * 2, limits.lineBytes + 1));
    // It shrank since it was opened. The next sync sees that.
    if (more.length <= bytes.length) return { objects: [], broken: [], position };
    bytes = more;
  }
}

async function readBytes(handle: FileHandle, position: FilePosition, wanted: number): Promise<Buffer> {
  const length = Math.max(0, Math.min(wanted, position.size - position.offset));
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position.offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function inFile(
  { objects, broken }: Pick<ChunkRead, 'objects' | 'broken'>,
  { offset }: FilePosition,
): Pick<ChunkRead, 'objects' | 'broken'> {
  return {
    objects: objects.map((object) => ({ ...object, at: object.at + offset })),
    broken: broken.map((piece) => ({ ...piece, at: piece.at + offset })),
  };
}

/** Tells of the line at once, by its beginning; the rest of it is passed over from here on. */
function beginOversized(
  bytes: Buffer,
  read: { consumed: number; lines: number; broken: BrokenPiece[] },
  position: FilePosition,
): Pick<ChunkRead, 'broken' | 'position'> {
  const at = position.offset + read.consumed;
  const excerpt = Buffer.from(bytes.subarray(read.consumed, read.consumed + EXCERPT_BYTES));
  const piece: BrokenPiece = {
    at,
    bytes: excerpt,
    lineNumber: read.lines + 1,
    reason: 'The line is too long to be read; this is its beginning.',
  };
  const before = inFile({ objects: [], broken: read.broken }, position).broken;
  const to = { lines: read.lines, oversizedFrom: at, atEnd: false };
  return {
    broken: [...before, piece],
    position: advance(position, bytes.subarray(0, read.consumed), to),
  };
}

async function passOver(handle: FileHandle, position: FilePosition, limits: ReadLimits): Promise<ChunkRead> {
  const bytes = await readBytes(handle, position, limits.pageBytes);
  const end = bytes.indexOf(NEWLINE);
  const consumed = end === -1 ? bytes : bytes.subarray(0, end + 1);
  const to = {
    lines: position.lines + (end === -1 ? 0 : 1),
    oversizedFrom: end === -1 ? position.oversizedFrom : null,
    atEnd: position.offset + consumed.length >= position.size,
  };
  return { objects: [], broken: [], position: advance(position, consumed, to) };
}
