import { expect, test } from '@jest/globals';
import { FieldSyntaxError, parseFields } from '../src/graph/fields.ts';

test('plain names are read in order, blanks and a last comma aside', () => {
  expect(parseFields(' id, updated_time ,snippet,').map((field) => field.name)).toEqual([
    'id',
    'updated_time',
    'snippet',
  ]);
  expect(parseFields('')).toEqual([]);
});

test('modifiers and braces nest', () => {
  const [first, second] = parseFields('participants{id,name},messages.limit(25).after(WyJ0=){id,from{id}}');
  expect(first?.children?.map((field) => field.name)).toEqual(['id', 'name']);
  expect(Object.fromEntries(second?.modifiers ?? [])).toEqual({ limit: '25', after: 'WyJ0=' });
  expect(second?.childrenText).toBe('id,from{id}');
  expect(second?.children?.[1]?.children?.[0]?.name).toBe('id');
});

test.each([
  ['messages{id', 'Expected "}" instead of end of string.', 11],
  ['id}', 'Expected end of string instead of "}".', 2],
  ['id,,name', 'Expected name instead of ",".', 3],
  ['messages.limit(5', 'Expected ")" instead of end of string.', 16],
  ['messages.limit{id}', 'Expected "(" instead of "{".', 14],
  ['1d', 'Expected name instead of "1".', 0],
])('%s is refused with its place', (text, message, position) => {
  const read = (): unknown => parseFields(text);
  expect(read).toThrow(FieldSyntaxError);
  expect(read).toThrow(`Syntax error "${message}" at character ${position}`);
});

test('expansion has a bottom', () => {
  expect(() => parseFields(`${'a{'.repeat(20)}b${'}'.repeat(20)}`)).toThrow('too deep');
});
