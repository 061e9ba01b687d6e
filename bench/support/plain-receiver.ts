/**
 * A program that receives webhooks in the plain way: Fastify with one route, the signature checked, one row inserted
 * and committed for each request. Prints its address.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fastify } from 'fastify';
import postgres from 'postgres';

const { DATABASE_URL = '', META_APP_SECRET = '', PORT = '0' } = process.env;
/** As many as the product's API has. */
const sql = postgres(DATABASE_URL, { max: 10, onnotice: () => undefined });
await sql`CREATE TABLE IF NOT EXISTS plain_deliveries (
  id uuid PRIMARY KEY DEFAULT tidemark_uuidv7(), body bytea NOT NULL, received_at timestamptz NOT NULL DEFAULT now()
)`;

const app = fastify({ logger: false });
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.post('/webhooks/messenger', async (request, reply) => {
  const { body, headers } = request;
  if (!Buffer.isBuffer(body)) return reply.code(400).send();
  const expected = Buffer.from(`sha256=${createHmac('sha256', META_APP_SECRET).update(body).digest('hex')}`);
  const given = Buffer.from(String(headers['x-hub-signature-256']));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send();
  await sql`INSERT INTO plain_deliveries (body) VALUES (${body})`;
  return reply.code(200).send();
});
process.stdout.write(`listening at ${await app.listen({ host: '127.0.0.1', port: Number(PORT) })}\n`);
process.once('SIGTERM', () => {
  app
    .close()
    .then(() => sql.end({ timeout: 5 }))
    .catch(() => process.exit(1));
});
