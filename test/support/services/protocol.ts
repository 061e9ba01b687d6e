/** What the tests ask of the process that holds the services of a test run. */
export interface Requests {
  /** The shared PostgreSQL, with a migrated template database to clone; started when first asked for. */
  '/postgres': {
    body: Record<string, never>;
    answer: { adminUrl: string; template: string; prefix: string };
  };
  /** The shared Redis; started when first asked for. */
  '/redis': { body: Record<string, never>; answer: { url: string } };
  /** Names something that must be gone when the run is over, however it ends. */
  '/guard': { body: Leftover; answer: Record<string, never> };
}

/** Something that a crashed test would leave behind. */
export type Leftover = { kind: 'process'; identity: string } | { kind: 'cluster'; dataDir: string };

/** The environment variables through which tests find the services. */
export const CONTROL_SOCKET = 'TIDEMARK_TEST_CONTROL';
export const RUN_DIRECTORY = 'TIDEMARK_TEST_RUN';

/** Names a server to use instead of the embedded one. Its user must be allowed to create databases. */
export const EXTERNAL_DATABASE = 'TEST_DATABASE_URL';
