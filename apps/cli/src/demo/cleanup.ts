/** The demo was asked to stop before it was through. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly code = 'interrupted';
}

/** What was opened, to be closed in reverse order; also what is still being opened when the end comes. */
export class Cleanup {
  readonly #steps: (() => Promise<void>)[] = [];
  #closing: Promise<void> | undefined;

  /** Opens something and remembers how to close it. Opens nothing any more once the end has begun. */
  async own<T>(open: () => Promise<T>, close: (opened: T) => Promise<unknown>): Promise<T> {
    this.throwIfClosing();
    const opening = open();
    this.#steps.push(async () => {
      const opened = await opening.then(
        (value) => ({ value }),
        () => null,
      );
      if (opened !== null) await close(opened.value);
    });
    return await opening;
  }

  throwIfClosing(): void {
    if (this.#closing !== undefined) throw new InterruptedError('the demo is stopping');
  }

  /** Closes everything, whatever single steps say; throws the first complaint at the end. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const complaints: unknown[] = [];
    for (const step of this.#steps.reverse()) {
      await step().catch((error: unknown) => complaints.push(error));
    }
    if (complaints.length > 0) throw complaints[0];
  }
}
