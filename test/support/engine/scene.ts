import {
  type GraphSimulator,
  type GraphSimulatorOptions,
  type PageSpec,
  startGraphSimulator,
} from '@tidemark/sandbox';
import { eventually } from '../eventually.ts';
import { differences } from './compare-with-ledger.ts';
import { type Engine, openEngine, type PageToConnect } from './engine.ts';
import { readStoredPage } from './stored-page.ts';
import { leftovers, syncProblems } from './sync-row.ts';

/** A Page of the simulator that is connected. */
export interface StagedPage {
  pageId: string;
  connectionId: string;
}

export type StagedPageSpec = Omit<PageSpec, 'pageId'> & {
  connect?: Omit<PageToConnect, 'pageId' | 'accessToken'>;
};

/** A source and the engine as seen from outside. Who works is for the test to say. */
export interface Scene {
  source: GraphSimulator;
  engine: Engine;
  /** Adds a Page of its own to the source and connects it. */
  addPage(spec: StagedPageSpec): Promise<StagedPage>;
  /** What is stored of the Page otherwise than the ledger says. */
  differencesOf(pageId: string): Promise<string[]>;
  /** All that is wrong after a sync that completed: with the rows, the books, and what was left behind. */
  problemsOf(page: StagedPage, syncId: string): Promise<string[]>;
  close(): Promise<void>;
}

export interface SceneOptions {
  source?: GraphSimulatorOptions;
  /** Calls may wander through a proxy of the test's own: where, given the source's address. */
  graphUrl?: (sourceUrl: string) => string;
}

export async function openScene(
  services: { databaseUrl: string; redisUrl?: string },
  options: SceneOptions = {},
): Promise<Scene> {
  const source = await startGraphSimulator({ seed: 11, ...options.source });
  const { databaseUrl, redisUrl } = services;
  const graphUrl = options.graphUrl?.(source.url) ?? source.url;
  const engine = await openEngine({ databaseUrl, redisUrl, graphUrl });
  const differencesOf = async (pageId: string) =>
    differences(source.ledger.expected(pageId), await readStoredPage(engine.db, pageId));
  let pages = 0;
  return {
    source,
    engine,
    addPage: async ({ connect = {}, ...spec }) => {
      pages += 1;
      const pageId = String(200_000_000_000_000 + pages);
      const { accessToken } = source.addPage({ ...spec, pageId });
      return { pageId, connectionId: await engine.connect({ ...connect, pageId, accessToken }) };
    },
    differencesOf,
    problemsOf: async ({ pageId }, syncId) => [
      ...(await differencesOf(pageId)),
      ...(await syncProblems(engine.db, syncId)),
      ...(await lastingLeftovers(engine)),
    ],
    close: async () => {
      await engine.close();
      await source.close();
    },
  };
}

/** An effect whose process died before it could say so is carried out once more, a second later. */
async function lastingLeftovers(engine: Engine): Promise<string[]> {
  let found: string[] = [];
  const look = async () => {
    found = await leftovers(engine.db);
    if (found.length > 0) throw new Error(found.join('\n'));
  };
  await eventually(look).catch(() => undefined);
  return found;
}
