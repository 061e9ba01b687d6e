/** One server-sent event as it came over the wire. */
export interface RawEvent {
  id: string;
  event: string;
  data: string;
}

/**
 * Reads server-sent events out of chunks of text, however they are cut (WHATWG HTML, "Server-sent events"). The
 * `retry` field tells how long to wait before coming back, in milliseconds.
 */
export class EventStreamParser {
  retryMs: number | null = null;
  #rest = '';
  #id = '';
  #event = '';
  #data: string[] = [];
  #before = '';

  /** The events that this chunk completes. */
  push(chunk: string): RawEvent[] {
    const events: RawEvent[] = [];
    let text = this.#rest + chunk;
    // A line feed that belongs to a carriage return at the end of the chunk before is no line of its own.
    if (this.#before === '\r' && text.startsWith('\n')) text = text.slice(1);
    this.#before = chunk.at(-1) ?? this.#before;
    const lines = text.split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.#line(line);
      if (event !== null) events.push(event);
    }
    return events;
  }

  #line(line: string): RawEvent | null {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') this.#id = value;
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    if (field === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
    return null;
  }

  #dispatch(): RawEvent | null {
    const event = { id: this.#id, event: this.#event, data: this.#data.join('\n') };
    const isEvent = this.#data.length > 0;
    this.#event = '';
    this.#data = [];
    return isEvent ? event : null;
  }
}
