import { parseArgs } from 'node:util';
import { z } from 'zod';
import { allAnswered, type SentFile, sendFiles } from './webhooks/send-files.ts';

const USAGE = `send-webhooks DIR --to URL --secret SECRET [--concurrency N] [--repeat] [--wrap] [--page-id ID] [--timeout-ms N]

Sends every file below DIR as a delivery of Meta's, signed, byte for byte. Ends with 0 when every answer was 2xx or 4xx.

  --to           where to: the whole address, such as http://127.0.0.1:3000/webhooks/messenger
  --secret       the app's secret, which signs the bodies
  --concurrency  requests under way at once (1)
  --repeat       sends everything a second time
  --wrap         puts bare events into an envelope
  --page-id      the page of bare events that do not tell theirs (100000000000001)
  --timeout-ms   how long to wait for an answer (5000)`;

const OPTIONS = {
  to: { type: 'string' },
  secret: { type: 'string' },
  concurrency: { type: 'string', default: '1' },
  repeat: { type: 'boolean', default: false },
  wrap: { type: 'boolean', default: false },
  'page-id': { type: 'string', default: '100000000000001' },
  'timeout-ms': { type: 'string', default: '5000' },
  help: { type: 'boolean', default: false },
} as const;

const whole = z.coerce.number().int().min(1);
const argsSchema = z.object({
  directory: z.string('a folder is needed'),
  to: z.url('the address of the receiver is needed'),
  secret: z.string('the secret of the app is needed').min(1),
  concurrency: whole,
  repeat: z.boolean(),
  wrap: z.boolean(),
  'page-id': z.string().min(1),
  'timeout-ms': whole,
});

/** The program: returns its exit code. 0: all answered with 2xx or 4xx; 1: not all; 2: nothing could be sent. */
export async function sendWebhooks(argv: readonly string[]): Promise<number> {
  const args = readArgs(argv);
  if (typeof args === 'string') {
    process.stderr.write(`${args}\n`);
    return args === USAGE ? 0 : 2;
  }
  const { directory, to: url, secret, concurrency, repeat } = args;
  const wrapFor = args.wrap ? args['page-id'] : null;
  const options = { directory, url, secret, concurrency, repeat, wrapFor, timeoutMs: args['timeout-ms'] };
  try {
    const results = await sendFiles(options, (result) => process.stdout.write(`${line(result)}\n`));
    process.stdout.write(`${summary(results)}\n`);
    if (results.length === 0) return 2;
    return allAnswered(results) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

function readArgs(argv: readonly string[]): z.output<typeof argsSchema> | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: OPTIONS,
      allowPositionals: true,
    });
    if (values.help) return USAGE;
    const [directory, ...others] = positionals;
    if (others.length > 0) return `one folder at a time, not ${positionals.join(', ')}`;
    const parsed = argsSchema.safeParse({ ...values, directory });
    return parsed.success ? parsed.data : `${z.prettifyError(parsed.error)}\n\n${USAGE}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function outcome({ status, failure }: SentFile): string {
  return status === null ? `failed (${failure})` : String(status);
}

function line(result: SentFile): string {
  const again = result.round === 1 ? '' : '  again';
  return `${outcome(result)}  ${result.ms.toFixed(0).padStart(5)} ms  ${result.file}${again}`;
}

/** `41 sent: 39 x 200, 2 x 401`. */
function summary(results: readonly SentFile[]): string {
  const counts = new Map<string, number>();
  for (const result of results) counts.set(outcome(result), (counts.get(outcome(result)) ?? 0) + 1);
  const parts = [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${count} x ${name}`);
  return `${results.length} sent${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}
