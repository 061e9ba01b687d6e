import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ODD_KINDS, type OddKind } from './data/odd-kinds.ts';
import { type GraphSimulatorOptions, startGraphSimulator } from './graph/simulator.ts';
import { sendWebhooks } from './send-webhooks.ts';

/**
 * The simulator as a program of its own; with `send-webhooks` as the first argument a sender of stored webhook bodies.
 * Prints one line of JSON when it listens, and ends on SIGTERM or
 * SIGINT, and with `--until-stdin-ends` also when whoever holds its standard input is gone. `--pages N` adds N pages of the same size, their ids and tokens counted up.
 */
const OPTIONS = {
  port: { type: 'string', default: '0' },
  host: { type: 'string', default: '127.0.0.1' },
  seed: { type: 'string', default: '1' },
  'page-id': { type: 'string', default: '100000000000001' },
  'page-name': { type: 'string' },
  token: { type: 'string', default: 'EAABsandbox' },
  'app-secret': { type: 'string' },
  'require-proof': { type: 'boolean', default: false },
  pages: { type: 'string', default: '1' },
  conversations: { type: 'string', default: '1000' },
  messages: { type: 'string' },
  'long-threads': { type: 'string' },
  odd: { type: 'string' },
  'latency-ms': { type: 'string', default: '0' },
  'jitter-ms': { type: 'string', default: '0' },
  'max-limit': { type: 'string' },
  'cache-mb': { type: 'string', default: '0' },
  'until-stdin-ends': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const whole = z.coerce.number().int().min(0);
const argsSchema = z.object({
  port: whole.max(65_535),
  host: z.string(),
  seed: z.string(),
  'page-id': z.string().min(1),
  'page-name': z.string().optional(),
  token: z.string().min(1),
  'app-secret': z.string().optional(),
  'require-proof': z.boolean(),
  pages: whole,
  conversations: whole,
  messages: whole.optional(),
  'long-threads': whole.optional(),
  odd: z.string().transform(readOdd).optional(),
  'latency-ms': whole,
  'jitter-ms': whole,
  'max-limit': whole.min(1).optional(),
  'cache-mb': whole,
  'until-stdin-ends': z.boolean(),
});

/** `all`, `none`, or kinds separated by commas. */
function readOdd(text: string, context: z.RefinementCtx): boolean | OddKind[] {
  if (text === 'all' || text === 'none') return text === 'all';
  const kinds = text.split(',');
  const known = ODD_KINDS.filter((kind) => kinds.includes(kind));
  if (known.length === new Set(kinds).size) return known;
  context.addIssue({ code: 'custom', message: `expected all, none or some of ${ODD_KINDS.join(', ')}` });
  return z.NEVER;
}

function simulatorOptions(args: z.output<typeof argsSchema>): GraphSimulatorOptions {
  const pages = Array.from({ length: args.pages }, (_, index) => ({
    pageId: index === 0 ? args['page-id'] : countUp(args['page-id'], index),
    name: args['page-name'],
    accessToken: index === 0 ? args.token : `${args.token}-${index + 1}`,
    appSecret: args['app-secret'],
    requireProof: args['require-proof'],
    conversations: args.conversations,
    messages: args.messages,
    longThreads: args['long-threads'],
    odd: args.odd,
  }));
  return {
    port: args.port,
    host: args.host,
    seed: args.seed,
    pages,
    behaviour: args['max-limit'] === undefined ? {} : { maxLimit: args['max-limit'] },
    latency: { ms: args['latency-ms'], jitterMs: args['jitter-ms'] },
    cacheMegabytes: args['cache-mb'],
  };
}

function countUp(pageId: string, by: number): string {
  return /^\d+$/.test(pageId) ? String(BigInt(pageId) + BigInt(by)) : `${pageId}-${by + 1}`;
}

function readArgs(): z.output<typeof argsSchema> | string {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    if (values.help)
      return `options: ${Object.keys(OPTIONS)
        .map((name) => `--${name}`)
        .join(' ')}`;
    const parsed = argsSchema.safeParse(values);
    return parsed.success ? parsed.data : z.prettifyError(parsed.error);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function simulate(): Promise<number> {
  const args = readArgs();
  if (typeof args === 'string') {
    process.stderr.write(`${args}\n`);
    return 2;
  }
  const simulator = await startGraphSimulator(simulatorOptions(args));
  const pageIds = [...simulator.source.pages.keys()];
  process.stdout.write(
    `${JSON.stringify({ url: simulator.url, port: simulator.port, pageIds, pid: process.pid })}\n`,
  );
  const ends = [once(process, 'SIGTERM'), once(process, 'SIGINT')];
  // A pipe closes when its other end dies; a file or device only ends.
  if (args['until-stdin-ends']) ends.push(once(process.stdin.resume(), 'close'), once(process.stdin, 'end'));
  await Promise.race(ends);
  // An open standard input would keep the process.
  process.stdin.destroy();
  await simulator.close();
  return 0;
}

const [command, ...rest] = process.argv.slice(2);
process.exitCode = command === 'send-webhooks' ? await sendWebhooks(rest) : await simulate();
