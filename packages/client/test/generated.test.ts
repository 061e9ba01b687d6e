import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { renderTypes } from '../scripts/render-types.ts';

const read = (path: string) => readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

test('the generated types are those of docs/openapi.json (else: pnpm --filter @tidemark/client generate)', async () => {
  const document = await read('../../../docs/openapi.json');
  expect(await read('../src/generated/api.ts')).toBe(await renderTypes(document));
});
