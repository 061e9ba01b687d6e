import { expect, test } from '@jest/globals';
import { fakeProject } from './support/architecture/project.ts';
import { tooLong } from './support/architecture/ratchet.ts';

const LONG = `export function long() {\n${'  f();\n'.repeat(80)}}\n`;
const EMPTY = { files: {}, functions: {} };

test('the ratchet reports what is too long, and lets pass what it knows', () => {
  const project = fakeProject({ 'bench/a.ts': LONG, 'bench/b.ts': 'f();\n'.repeat(401) });
  const known = { files: { 'bench/b.ts': 401 }, functions: { 'bench/a.ts#long': 82 } };
  expect(tooLong(project, EMPTY).map(({ file }) => file)).toEqual(['bench/b.ts', 'bench/a.ts#long']);
  expect(tooLong(project, known)).toEqual([]);
});

test('the ratchet reports an entry that is larger than what it stands for, and one that stands for nothing', () => {
  const functions = { 'bench/a.ts#long': 90, 'bench/a.ts#gone': 75 };
  const reports = tooLong(fakeProject({ 'bench/a.ts': LONG }), { files: {}, functions });
  expect(reports).toHaveLength(2);
  expect(reports.map(({ message }) => message).join()).toMatch(/today it has 82.*today it has 0/s);
});

test('a chapter of tests is not a function', () => {
  const suite = `describe('a', () => {\n${"  test('b', f);\n".repeat(80)}});\n`;
  expect(tooLong(fakeProject({ 'test/a.test.ts': suite }), EMPTY)).toEqual([]);
});
