import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { readProject, type Violation } from './support/architecture/project.ts';
import { type Ratchet, tooLong } from './support/architecture/ratchet.ts';
import { RULES } from './support/architecture/rules.ts';

// The rules are explained where they are written, in support/architecture/, and in ARCHITECTURE.md.

const project = readProject(fileURLToPath(new URL('..', import.meta.url)));

function report(violations: readonly Violation[]): string[] {
  return violations.map(
    ({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`}: ${message}`,
  );
}

test('all files of the repository are seen', () => {
  const paths = project.files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['package.json', 'script/test', 'test/architecture.test.ts']));
  expect([...project.manifests.keys()]).toEqual(expect.arrayContaining(['', 'packages/core', 'apps/cli']));
});

test.each(Object.entries(RULES))('%s', (_name, rule) => {
  expect(report(rule(project))).toEqual([]);
});

test('files and functions stay within their limits, and what does not only shrinks', () => {
  const list = readFileSync(new URL('./support/architecture/ratchet.json', import.meta.url), 'utf8');
  const ratchet: Ratchet = JSON.parse(list);
  expect(report(tooLong(project, ratchet))).toEqual([]);
});
