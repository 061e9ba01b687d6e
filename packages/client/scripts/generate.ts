/** Writes the OpenAPI document of the API as it is in the source, and the client's types from it. */
import { describeApi } from '@tidemark/api';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { renderTypes } from './render-types.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));
const TYPES = fileURLToPath(new URL('../src/generated/api.ts', import.meta.url));

const document = `${JSON.stringify(await describeApi(), null, 2)}\n`;
await writeFile(DOCUMENT, document);
await mkdir(fileURLToPath(new URL('.', `file://${TYPES}`)), { recursive: true });
await writeFile(TYPES, await renderTypes(document));
