/** What the program ends with. */
export const EXIT = {
  ok: 0,
  /** It could not do what was asked. */
  failure: 1,
  /** It was asked wrongly. */
  usage: 2,
  /** 128 + SIGINT, as shells expect it. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error whose message is all a person needs; it is printed without a stack. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly code: string;
  /** What is printed after the message, a line each. */
  readonly more: readonly string[];

  constructor(code: string, message: string, options: ErrorOptions & { more?: readonly string[] } = {}) {
    super(message, options);
    this.code = code;
    this.more = options.more ?? [];
  }
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
