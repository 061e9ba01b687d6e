import { type BackendName, startServices } from './backends.ts';
import { type LocalWorker, startLocalWorker } from './local-worker.ts';
import { openScene, type Scene, type SceneOptions } from './scene.ts';

export type { StagedPage, StagedPageSpec } from './scene.ts';

/** Everything a test of the whole engine needs: services, a source, and a worker in this process. */
export interface Stage extends Scene {
  worker: LocalWorker;
}

export interface StageOptions extends SceneOptions {
  /** Variables of the worker's environment. */
  variables?: Readonly<Record<string, string>>;
}

export async function openStage(backend: BackendName, options: StageOptions = {}): Promise<Stage> {
  const services = await startServices(backend);
  const scene = await openScene(services, options);
  const worker = await startLocalWorker(scene.engine.addresses, { variables: options.variables ?? {} });
  return {
    ...scene,
    worker,
    close: async () => {
      await worker.stop();
      await scene.close();
      await services.end();
    },
  };
}
