import { describe, expect, test } from '@jest/globals';
import { openSecret, parseKeyring, SecretError, sealSecret } from '@tidemark/db';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const [first, second] = [parseKeyring(`a:${key(1)}`), parseKeyring(`b:${key(2)}`)];
const rotated = parseKeyring(`b:${key(2)},a:${key(1)}`);

describe('sealed credentials', () => {
  test('open under the same key and context, and hold no part of the value', () => {
    const sealed = sealSecret(first, 'connection-1', { accessToken: 'EAAB-secret' });
    expect(sealed).not.toContain('EAAB');
    expect(openSecret(first, 'connection-1', sealed)).toEqual({ accessToken: 'EAAB-secret' });
    expect(sealSecret(first, 'connection-1', { accessToken: 'EAAB-secret' })).not.toBe(sealed);
  });

  test('old keys open after a rotation, the newest seals', () => {
    expect(openSecret(rotated, 'c', sealSecret(first, 'c', 1))).toBe(1);
    expect(sealSecret(rotated, 'c', 1).split('.')[1]).toBe('b');
  });

  test('a missing key, another row, or a changed byte is refused with a code', () => {
    const sealed = sealSecret(first, 'c', 1);
    const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const attempt of [
      () => openSecret(second, 'c', sealed),
      () => openSecret(first, 'd', sealed),
      () => openSecret(first, 'c', changed),
      () => openSecret(first, 'c', 'plain'),
    ]) {
      expect(attempt).toThrow(SecretError);
    }
  });

  test('a key that is not 32 bytes is refused', () => {
    expect(() => parseKeyring('a:c2hvcnQ=')).toThrow(SecretError);
    expect(() => parseKeyring(key(1))).toThrow(SecretError);
  });
});
