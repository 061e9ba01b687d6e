import type { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { type Api, ask } from '../remote/api.ts';
import type { Sync } from '../remote/sync-view.ts';
import { openApi, present, withRemoteOptions } from './remote-options.ts';

interface Control {
  name: string;
  description: string;
  request(api: Api, id: string): Promise<Sync>;
  /** What can be done next. */
  next(id: string): string;
}

const CONTROLS: readonly Control[] = [
  {
    name: 'pause',
    description: 'Pause a sync: nothing is written until it is resumed.',
    request: ({ client }, id) => ask(client.POST('/v1/syncs/{id}/pause', { params: { path: { id } } })),
    next: (id) => `Go on: tidemark resume ${id}`,
  },
  {
    name: 'resume',
    description: 'Let a paused sync go on where it stood.',
    request: ({ client }, id) => ask(client.POST('/v1/syncs/{id}/resume', { params: { path: { id } } })),
    next: (id) => `Look: tidemark status ${id}`,
  },
  {
    name: 'cancel',
    description: 'End a sync. What it stored stays.',
    request: ({ client }, id) => ask(client.POST('/v1/syncs/{id}/cancel', { params: { path: { id } } })),
    next: (id) => `Go on where it stood: tidemark retry ${id}`,
  },
  {
    name: 'retry',
    description: 'Go on where a failed or cancelled sync stopped, in a new one.',
    request: ({ client }, id) => ask(client.POST('/v1/syncs/{id}/retry', { params: { path: { id } } })),
    next: (id) => `Look: tidemark status ${id}`,
  },
  {
    name: 'sweep',
    description: 'Approve the deletions that a full sync asked about.',
    request: ({ client }, id) => ask(client.POST('/v1/syncs/{id}/sweep', { params: { path: { id } } })),
    next: (id) => `Look: tidemark status ${id}`,
  },
];

/** `pause`, `resume`, `cancel`, `retry` and `sweep`: one request each, and the sync as it is then. */
export function addControls(program: Command, context: Context): void {
  for (const { name, description, request, next } of CONTROLS) {
    withRemoteOptions(program.command(name))
      .description(description)
      .argument('<sync>', 'id')
      .action(async (id, options) => {
        const sync = await request(await openApi(options, context), id);
        present(options, context, sync, () => [`Sync ${sync.id} is ${sync.status}.`, next(sync.id)]);
      });
  }
}
