import openapiTs, { astToString } from 'openapi-typescript';

const BANNER =
  '// Generated from docs/openapi.json by `pnpm --filter @tidemark/client generate`. Do not edit.\n\n';

/** The TypeScript of an OpenAPI document, given as JSON text. */
export async function renderTypes(document: string): Promise<string> {
  const nodes = await openapiTs(document, {
    alphabetize: true,
    immutable: true,
    // A field with a default may be left out of a request.
    defaultNonNullable: false,
  });
  return BANNER + astToString(nodes);
}
