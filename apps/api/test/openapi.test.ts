import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '@tidemark/core/errors';
import { describeApi } from '../src/index.ts';
import { sorted } from './sorted.ts';

interface Operation {
  operationId?: string;
  tags?: string[];
  summary?: string;
  security?: { bearer?: string[] }[];
  responses: Record<string, { description?: string; content?: Record<string, unknown> }>;
}

let document: Record<string, unknown>;
let operations: [string, Operation][];
beforeAll(async () => {
  document = await describeApi();
  operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method} ${path}`,
        operation,
      ]),
  );
});

const docs = (name: string) =>
  readFile(fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url)), 'utf8');

describe('the OpenAPI document', () => {
  test('docs/openapi.json is what the code says (else: pnpm --filter @tidemark/client generate)', async () => {
    expect(JSON.parse(await docs('openapi.json'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('is OpenAPI 3.1, and every reference in it leads somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const schemas = Object.keys((document.components as { schemas: object }).schemas);
    const used = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((name) => !schemas.includes(String(name)))).toEqual([]);
  });

  test('every operation has a name of its own, a tag that exists, a summary', () => {
    const names = operations.map(([, operation]) => operation.operationId);
    expect(new Set(names).size).toBe(operations.length);
    const tags = (document.tags as { name: string }[]).map(({ name }) => name);
    for (const [route, operation] of operations) {
      expect([route, operation.tags?.every((tag) => tags.includes(tag)), operation.tags?.length]).toEqual([
        route,
        true,
        1,
      ]);
      expect([route, Boolean(operation.operationId), Boolean(operation.summary)]).toEqual([
        route,
        true,
        true,
      ]);
    }
  });

  test('every operation under /v1 names its scope and its problem documents', () => {
    for (const [route, operation] of operations.filter(([name]) => name.includes('/v1'))) {
      expect([route, operation.security?.[0]?.bearer?.length]).toEqual([route, 1]);
      for (const status of ['400', '401', '403', '500', '503']) {
        const types = Object.keys(operation.responses[status]?.content ?? {});
        expect([route, status, types]).toEqual([route, status, ['application/problem+json']]);
      }
    }
  });

  test('every operation with a body says what happens to a bad one', () => {
    for (const [route, operation] of operations.filter(([, { ...rest }]) => 'requestBody' in rest)) {
      const statuses = Object.keys(operation.responses);
      expect([route, ['413', '415', '422'].filter((status) => !statuses.includes(status))]).toEqual([
        route,
        [],
      ]);
    }
  });
});

describe('docs/errors.md', () => {
  test('lists every error code with its status, and no other', async () => {
    const listed = [...(await docs('errors.md')).matchAll(/^\| `(\w+)` \| (\d{3}|–) \|/gm)].map(
      ([, code, status]) => `${code} ${status}`,
    );
    const known = Object.entries(ERROR_CODES).map(([code, { status }]) => `${code} ${status ?? '–'}`);
    expect(sorted(listed)).toEqual(sorted(known));
  });
});
