import { defineConnector, defineStream } from '@tidemark/core/connector';
import { SourceError } from '@tidemark/core/failure';
import { contentHash } from '@tidemark/core/hashing';
import { z } from 'zod';

const config = z.strictObject({ account: z.string().min(1) });
const credentials = z.strictObject({ token: z.string().min(1) });
/** `GET /notes?since=…&page=…` gives notes by the time of their last change, oldest first. */
const answerSchema = z.object({
  notes: z.array(z.object({ id: z.string(), text: z.string(), changedAt: z.iso.datetime() })),
  nextPage: z.int().nullable(),
});
/** Where a walk stands: small, flat, and enough to ask for the next page. */
const checkpoint = z.strictObject({
  since: z.iso.datetime().nullable(),
  page: z.int(),
  newest: z.iso.datetime().nullable(),
});
/** How far the account is known to be complete. */
const watermark = z.strictObject({ changedAt: z.iso.datetime() });

type Config = z.infer<typeof config>;
type Credentials = z.infer<typeof credentials>;

/** Notes of an account. `url` comes from the installation, not from a user. */
export function notesConnector({ url }: { url: string }) {
  const notes = defineStream<Config, Credentials, z.infer<typeof checkpoint>, z.infer<typeof watermark>>({
    name: 'notes',
    kind: 'records',
    checkpoint,
    watermark,
    start: ({ watermark: known }) => ({
      since: known?.changedAt ?? null,
      page: 0,
      newest: known?.changedAt ?? null,
    }),
    fetchPage: async ({ config: { account }, credentials: { token }, checkpoint: at, io }) => {
      const query = new URLSearchParams({
        account,
        page: String(at.page),
        ...(at.since && { since: at.since }),
      });
      const answer = await io.fetch({
        url: `${url}/notes?${query}`,
        headers: { authorization: `Bearer ${token}` },
      });
      const body = readAnswer(answer.status, answer.body);
      const newest = body.notes.at(-1)?.changedAt ?? at.newest;
      const rows = body.notes.map(({ id, text, changedAt }) => {
        const data = { text, changedAt };
        return { externalId: id, data, asOf: changedAt, contentHash: contentHash(data) };
      });
      return {
        records: [{ kind: 'records', stream: 'notes', rows }],
        invalid: [],
        next: body.nextPage === null ? null : { ...at, page: body.nextPage, newest },
        watermark: newest === null ? null : { changedAt: newest },
        total: null,
      };
    },
  });
  return defineConnector<Config, Credentials>({
    id: 'notes',
    title: 'Notes',
    config,
    credentials,
    identity: ({ account }) => account,
    pools: ({ account }) => [{ pool: `notes:${account}`, maxCalls: 60, perSeconds: 60, maxConcurrent: 1 }],
    streams: [notes],
  });
}

/** What the source's errors mean; what is done about each kind is the engine's. */
function readAnswer(status: number, body: string): z.infer<typeof answerSchema> {
  if (status === 401)
    throw new SourceError({
      kind: 'unauthorized',
      code: 'source_unauthorized',
      message: 'The token was refused.',
    });
  if (status >= 500)
    throw new SourceError({
      kind: 'transient',
      code: 'source_unavailable',
      message: `It answered ${status}.`,
    });
  const parsed = answerSchema.safeParse(status === 200 ? JSON.parse(body) : null);
  if (parsed.success) return parsed.data;
  throw new SourceError({
    kind: 'invalidResponse',
    code: 'source_response_invalid',
    message: 'The answer has another shape.',
  });
}
