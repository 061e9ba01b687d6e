import { CommandError } from '../exit-codes.ts';

/** What a person can ask of the demo. */
export interface DemoOptions {
  /** Stop everything after the sync. */
  once: boolean;
  /** Where the API is to listen; undefined leaves it to PORT, or to what is free. */
  port: number | undefined;
  conversations: number;
  messages: number;
}

/** What the simulated Page is made of. */
export interface DemoPage {
  pageId: string;
  name: string;
  accessToken: string;
  conversations: number;
  messages: number;
  /** Undefined leaves it to chance. */
  longThreads: number | undefined;
  /** Whether records that are odd on purpose are among them. */
  isOdd: boolean;
  /** The rate limit the demo sets for it. */
  callsPerMinute: number;
}

export const DEFAULT_CONVERSATIONS = 400;
export const DEFAULT_MESSAGES = 8_000;

/** Threads above 300 messages are worth showing once there are enough messages for one. */
const MESSAGES_PER_LONG_THREAD = 2_000;
const LONG_THREADS_MAX = 4;
/** One of each odd kind needs some room, and threads that are not all long. */
const ODD_CONVERSATIONS_MIN = 40;
const ODD_MEAN_MAX = 100;

/**
 * Faster than the default for a Page, which is careful with the real source, and slow enough to be watched: the usual
 * figures take some ten seconds. A call brings about fifty messages.
 */
const WATCHABLE_SECONDS = 10;
const MESSAGES_PER_CALL = 50;
const CALLS_PER_SECOND_MIN = 15;

/**
 * The Page for these figures. Figures have Pages of their own, so that a run with other figures neither finds the
 * rows of this one nor disturbs them.
 */
export function planPage({ conversations, messages }: DemoOptions): DemoPage {
  if (messages < conversations) {
    const message = `${messages} messages are too few for ${conversations} conversations: each has at least one.`;
    throw new CommandError('figures_impossible', message);
  }
  const spare = Math.floor((messages - conversations) / MESSAGES_PER_LONG_THREAD);
  const callsPerSecond = Math.ceil(messages / MESSAGES_PER_CALL / WATCHABLE_SECONDS);
  const longThreads = Math.min(LONG_THREADS_MAX, conversations, spare);
  return {
    pageId: `1${String(conversations).padStart(7, '0')}${String(messages).padStart(8, '0')}`,
    name: 'Demo page',
    accessToken: 'EAABdemo',
    conversations,
    messages,
    longThreads: longThreads > 0 ? longThreads : undefined,
    isOdd: conversations >= ODD_CONVERSATIONS_MIN && messages <= conversations * ODD_MEAN_MAX,
    callsPerMinute: 60 * Math.max(CALLS_PER_SECOND_MIN, callsPerSecond),
  };
}

/** The arguments that make the simulator serve this Page. */
export function simulatorArguments(page: DemoPage, latencyMs: number): string[] {
  const figures = [`--conversations=${page.conversations}`, `--messages=${page.messages}`];
  const long = page.longThreads === undefined ? [] : [`--long-threads=${page.longThreads}`];
  const identity = [`--page-id=${page.pageId}`, `--page-name=${page.name}`, `--token=${page.accessToken}`];
  return [
    ...identity,
    ...figures,
    ...long,
    `--odd=${page.isOdd ? 'all' : 'none'}`,
    `--latency-ms=${latencyMs}`,
  ];
}
