import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { problemSchema } from '@tidemark/core/contracts';
import { ERROR_CODES, type HttpErrorCode } from '@tidemark/core/errors';
import type { FastifyContextConfig } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Api } from '../dependencies.ts';
import { PROBLEM_TYPE } from '../http/problem-reply.ts';
import { noBody } from '../routes/schemas.ts';

const DESCRIPTION = `Starts and watches syncs, and reads what they stored.

Errors are \`${PROBLEM_TYPE}\` (RFC 9457) with a stable \`code\`. Lists take \`limit\` and \`cursor\`. POSTs that
create take \`Idempotency-Key\`.`;

export const TAGS = {
  connections: 'Configured accounts of sources',
  syncs: 'Runs over a connection',
  conversations: 'What Messenger syncs stored',
  conflicts: 'Source changes that met local edits',
  statistics: 'Figures over many syncs',
  automation: 'What is done when a contact writes',
  subscribers: 'Addresses that are told what happens',
  quarantine: 'Records that failed validation',
  webhooks: 'What sources sent by themselves',
  operations: 'Queues, limits and leases',
  keys: 'API keys',
  system: 'Health',
} as const;
export type Tag = keyof typeof TAGS;

/** The page brings its own scripts; the styles it sets on elements are the reason for `unsafe-inline`. */
const CSP = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The OpenAPI document, made from the schemas that validate, and its page at `/docs`. */
export function installOpenApi(app: Api): void {
  app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Tidemark', version: '0.1.0', description: DESCRIPTION },
      servers: [{ url: '/' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document);
      if (schema === undefined || schema === null || schema.hide === true) return { schema, url };
      const { scope, problems, idempotent } = document.route.config ?? {};
      const parts = { hasBody: schema.body !== undefined, idempotent: idempotent === true };
      const { body, ...rest } = schema;
      return {
        url,
        schema: {
          ...rest,
          // What is refused unless it is empty is nothing to send.
          ...(document.schema.body === noBody ? {} : { body }),
          // For a bearer scheme the array names the scopes a key needs (OpenAPI 3.1, Security Requirement Object).
          security: scope === undefined ? [] : [{ bearer: [scope] }],
          response: { ...objectOf(schema.response), ...problemResponses(scope, problems ?? [], parts) },
        },
      };
    },
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });
  app.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: CSP, uiConfig: { validatorUrl: null } });
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    // The document is plain JSON schema: zod's serializer has no part in it.
    return reply.type('application/json').send(JSON.stringify(app.swagger()));
  });
}

/** Takes out the schemas no route refers to: every named schema of zod's comes in twice, for input and output. */
function withoutUnused(document: ReturnType<typeof jsonSchemaTransformObject>): typeof document {
  const schemas = 'components' in document ? document.components?.schemas : undefined;
  if (schemas === undefined) return document;
  for (let removed = true; removed; ) {
    const used = new Set(JSON.stringify(document).match(/#\/components\/schemas\/\w+/g));
    const unused = Object.keys(schemas).filter((name) => !used.has(`#/components/schemas/${name}`));
    for (const name of unused) delete schemas[name];
    removed = unused.length > 0;
  }
  return document;
}

function objectOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}

/** The codes a route can answer with, by status: its own, and those its kind brings along. */
function problemResponses(
  scope: FastifyContextConfig['scope'],
  problems: readonly HttpErrorCode[],
  parts: { hasBody: boolean; idempotent: boolean },
): Record<string, unknown> {
  const codes = new Set<HttpErrorCode>(['invalid_query', ...problems, 'internal_error']);
  if (scope !== undefined)
    for (const code of ['unauthorized', 'missing_scope', 'service_unavailable'] as const) codes.add(code);
  if (parts.hasBody) {
    for (const code of [
      'malformed_body',
      'payload_too_large',
      'unsupported_media_type',
      'validation_failed',
    ] as const) {
      codes.add(code);
    }
  }
  if (parts.idempotent) {
    for (const code of ['invalid_header', 'idempotency_conflict', 'idempotency_key_reused'] as const)
      codes.add(code);
  }
  const byStatus = Map.groupBy(codes, (code) => ERROR_CODES[code].status);
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, problemResponse(group)]));
}

function problemResponse(codes: readonly HttpErrorCode[]): unknown {
  const id = problemSchema.meta()?.id ?? 'Problem';
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}`).join('. '),
    content: { [PROBLEM_TYPE]: { schema: { $ref: `#/components/schemas/${id}` } } },
  };
}
