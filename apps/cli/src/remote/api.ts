import { createClient, type TidemarkClient } from '@tidemark/client';
import { CommandError } from '../exit-codes.ts';
import { errorOf, networkReason, UnreachableApiError } from './api-errors.ts';

/** Where the API is when nobody says otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Where the API is and how to talk to it. */
export interface Api {
  readonly url: string;
  readonly key: string;
  readonly client: TidemarkClient;
  /** The `fetch` requests are made with. */
  readonly fetch: typeof globalThis.fetch;
}

export interface ApiAddress {
  url: string;
  key: string;
  /** Ends every request under way when it is aborted. */
  signal?: AbortSignal;
}

/** A client whose network errors say what could not be reached. */
export function connectApi({ url, key, signal }: ApiAddress): Api {
  const send: typeof globalThis.fetch = async (input, init) => {
    try {
      return await globalThis.fetch(input, { ...init, ...either(signal, init?.signal) });
    } catch (error) {
      signal?.throwIfAborted();
      throw new UnreachableApiError(url, networkReason(error), error);
    }
  };
  return { url, key, client: createClient({ baseUrl: url, apiKey: key, fetch: send }), fetch: send };
}

function either(one: AbortSignal | undefined, other: AbortSignal | null | undefined): RequestInit {
  const signals = [one, other].filter((signal) => signal != null);
  return signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
}

interface Answer {
  data?: unknown;
  error?: unknown;
  response: Response;
}

type Primitive = string | number | boolean | null | undefined;

/** openapi-fetch takes the read-only arrays of the generated types for objects; this makes them arrays again. */
export type Mended<T> = T extends Primitive
  ? T
  : T extends readonly (infer E)[]
    ? readonly Mended<E>[]
    : T extends { readonly [index: number]: infer E; readonly length: number }
      ? readonly Mended<E>[]
      : T extends object
        ? { [K in keyof T]: Mended<T[K]> }
        : T;

/** The body of a success; throws what the API refused with. */
export async function ask<A extends Answer>(request: Promise<A>): Promise<Mended<NonNullable<A['data']>>> {
  const answer = await readAnswer(request);
  if (answer.data === undefined || answer.data === null) throw errorOf(answer);
  return answer.data as Mended<NonNullable<A['data']>>;
}

/** For requests whose success has no body. */
export async function askForNothing(request: Promise<Answer>): Promise<void> {
  const answer = await readAnswer(request);
  if (!answer.response.ok) throw errorOf(answer);
}

async function readAnswer<A extends Answer>(request: Promise<A>): Promise<A> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = 'The answer is not JSON: is this the address of a Tidemark API?';
    throw new CommandError('not_json', message, { cause: error });
  }
}
