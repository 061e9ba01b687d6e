import type { Page } from '@tidemark/core/connector';
import { type PoolState, positionReader } from '@tidemark/db';
import { type CallDependencies, type CallOutcome, callSource } from '../source/call-source.ts';
import type { PagePlan } from './page-plan.ts';

/** Fetches one page, as `callSource` calls. Throws only the reason of `signal`, and bugs. */
export function fetchPage(
  deps: CallDependencies,
  plan: PagePlan,
  pools: readonly PoolState[],
  signal: AbortSignal,
): Promise<CallOutcome<Page<unknown, unknown>>> {
  const { config, credentials, checkpoint } = plan;
  const positions = positionReader(deps.db, { connectionId: plan.connectionId, stream: plan.stream.name });
  return callSource(deps, { account: plan, pools, signal }, (io) =>
    plan.stream.fetchPage({ config, credentials, checkpoint, io, positions, signal }),
  );
}
