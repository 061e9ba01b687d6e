import { describe, expect, test } from '@jest/globals';
import { originalOf, parseJson, storableJson, storableText } from '@tidemark/core/json';
import fc from 'fast-check';
import { SEEDED } from '../../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

describe('parseJson', () => {
  test('keeps every digit of ids above 2^53, at any depth, and leaves other numbers alone', () => {
    expect(
      parseJson('{"id":12345678901234567890,"list":[9007199254740993],"n":42,"f":1.5,"e":1e20}'),
    ).toEqual({
      id: '12345678901234567890',
      list: ['9007199254740993'],
      n: 42,
      f: 1.5,
      e: 1e20,
    });
    expect(parseJson('[9007199254740991]')).toEqual([9007199254740991]);
  });

  test('digits inside strings are not touched, names like __proto__ stay data', () => {
    expect(parseJson('{"t":"12345678901234567890","__proto__":{"a":12345678901234567890}}')).toEqual(
      JSON.parse('{"t":"12345678901234567890","__proto__":{"a":"12345678901234567890"}}'),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('reads past a byte order mark, and throws on what is no JSON', () => {
    expect(parseJson('\uFEFF{"a":1}')).toEqual({ a: 1 });
    expect(() => parseJson('<html>')).toThrow(SyntaxError);
    expect(() => parseJson('{"id":12345678901234567890')).toThrow(SyntaxError);
  });

  test('agrees with JSON.parse on everything without long numbers', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        if (!/\d{16}/.test(text)) expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('what PostgreSQL cannot store', () => {
  const anyString = fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  });

  test('U+0000 and lone surrogates are replaced, and nothing is lost', () => {
    const stored = storableText('a\u0000b\ud800');
    expect(stored.text).toBe('a\uFFFDb\uFFFD');
    expect(originalOf(stored.original ?? '')).toBe('a\u0000b\ud800');
    expect(storableText('grüß 😀')).toEqual({ text: 'grüß 😀', original: null });
  });

  test('any text is storable afterwards, and its original can be read back', () => {
    fc.assert(
      fc.property(anyString, (text) => {
        const stored = storableText(text);
        expect(stored.text.includes('\u0000') || !stored.text.isWellFormed()).toBe(false);
        expect(stored.original === null ? stored.text : originalOf(stored.original)).toBe(text);
      }),
    );
  });

  test('the same for JSON at any depth, keys included', () => {
    const value = { 'k\u0000': [{ deep: '\udc00' }], ok: 1 };
    const stored = storableJson(value);
    expect(JSON.stringify(stored.value)).not.toMatch(/\\u0000|\\udc00/);
    expect(originalOf(stored.original ?? '')).toEqual(value);
    expect(storableJson({ a: [1, 'b', null] })).toEqual({ value: { a: [1, 'b', null] }, original: null });
  });
});
