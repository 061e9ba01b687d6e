import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';

/**
 * How far a file was read, and what it was then. `offset` is its first byte that was not consumed: what lies before it
 * is stored, or in quarantine.
 */
export const filePosition = z.strictObject({
  device: z.string(),
  inode: z.string(),
  size: z.int().nonnegative(),
  /** Nanoseconds since the epoch: a double does not hold them. */
  modifiedNs: z.string(),
  offset: z.int().nonnegative(),
  /** Line breaks before `offset`. */
  lines: z.int().nonnegative(),
  /** The walk is within a line that is too long, which begins here; its rest is passed over. */
  oversizedFrom: z.int().nonnegative().nullable(),
  /** Read as far as can be: what is left, if anything, is a line that is still being written. */
  atEnd: z.boolean(),
  /** The first bytes, and the last ones before `offset`: what is there still if the file only grew. */
  head: z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string() }),
  tail: z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string() }),
});
export type FilePosition = z.infer<typeof filePosition>;

/** Bytes of either end that are compared. */
const SAMPLE_BYTES = 1_024;

export interface FileIdentity {
  device: string;
  inode: string;
  size: number;
  modifiedNs: string;
}

export function identityOf(stat: BigIntStats): FileIdentity {
  return {
    device: String(stat.dev),
    inode: String(stat.ino),
    size: Number(stat.size),
    modifiedNs: String(stat.mtimeNs),
  };
}

export function startOfFile(identity: FileIdentity): FilePosition {
  const empty = { bytes: 0, sha256: '' };
  return { ...identity, offset: 0, lines: 0, oversizedFrom: null, atEnd: false, head: empty, tail: empty };
}

/** Whether nothing happened to the file since it was read to its end; then it is not opened. */
export function isUnchanged(position: FilePosition, now: FileIdentity): boolean {
  return position.atEnd && isSameState(position, now);
}

function isSameState(one: FileIdentity, other: FileIdentity): boolean {
  return (
    one.device === other.device &&
    one.inode === other.inode &&
    one.size === other.size &&
    one.modifiedNs === other.modifiedNs
  );
}

/**
 * Where to go on in a file that changed. Only one that grew, and still begins and goes on as it did, is read from where it
 * was left; every other one from its start.
 */
export async function resumeAt(
  handle: FileHandle,
  known: FilePosition | null,
  now: FileIdentity,
): Promise<FilePosition> {
  if (known === null || !(await hasOnlyGrown(handle, known, now))) return startOfFile(now);
  return { ...known, ...now, atEnd: false };
}

async function hasOnlyGrown(handle: FileHandle, known: FilePosition, now: FileIdentity): Promise<boolean> {
  if (known.device !== now.device || known.inode !== now.inode || now.size < known.offset) return false;
  // The same length at another time is no growth: somebody wrote over it.
  if (known.atEnd && now.size <= known.size) return false;
  return (
    (await holds(handle, 0, known.head)) && (await holds(handle, known.offset - known.tail.bytes, known.tail))
  );
}

async function holds(handle: FileHandle, at: number, sample: FilePosition['head']): Promise<boolean> {
  if (sample.bytes === 0) return true;
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(sample.bytes), 0, sample.bytes, at);
  return bytesRead === sample.bytes && sha256(buffer) === sample.sha256;
}

/** The position after `consumed`, bytes that were read from `position` on: the samples are of what was really parsed. */
export function advance(
  position: FilePosition,
  consumed: Buffer,
  to: Pick<FilePosition, 'lines' | 'oversizedFrom' | 'atEnd'>,
): FilePosition {
  const offset = position.offset + consumed.length;
  if (consumed.length === 0) return { ...position, ...to };
  const head = position.offset === 0 ? sampleOf(consumed.subarray(0, SAMPLE_BYTES)) : position.head;
  return { ...position, ...to, offset, head, tail: sampleOf(consumed.subarray(-SAMPLE_BYTES)) };
}

function sampleOf(bytes: Buffer): FilePosition['head'] {
  return { bytes: bytes.length, sha256: sha256(bytes) };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}
