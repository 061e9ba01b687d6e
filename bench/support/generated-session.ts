import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { answerLine, userLine } from '../../test/support/files/session-lines.ts';

export const MEGABYTE = 1024 * 1024;

/**
 * Writes one session of about so many bytes: questions, and responses in several steps with tool output. Returns its
 * size in bytes.
 */
export async function writeSession(file: string, bytes: number, sessionId = 's1'): Promise<number> {
  await mkdir(path.dirname(file), { recursive: true });
  await using handle = await open(file, 'w');
  let written = 0;
  for (let turn = 0; written < bytes; turn += 1) {
    const id = `msg_${sessionId}_${turn}`;
    const text = `${turn} ${'some words of a session '.repeat(60)}`;
    const of = { sessionId };
    const tool = { type: 'tool_use', id: `t${turn}`, name: 'Read', input: { text } };
    const steps = [
      userLine(`u${sessionId}${turn}`, text, of),
      answerLine(`a${sessionId}${turn}`, { id, tokens: [1, 5, 0, 0], content: [{ type: 'text', text }] }, of),
      answerLine(`b${sessionId}${turn}`, { id, tokens: [1, 50, 0, 0], content: [tool] }, of),
    ];
    const chunk = `${steps.join('\n')}\n`;
    await handle.write(chunk);
    written += Buffer.byteLength(chunk);
  }
  return written;
}
