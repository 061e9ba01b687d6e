import { describe, expect, test } from '@jest/globals';
import { connectorRegistry } from '@tidemark/connectors';
import { type PageWork, parseKeyring, sealSecret } from '@tidemark/db';
import { planPage } from '../../src/jobs/page-plan.ts';

const CONNECTION = '01930000-0000-7000-8000-000000000001';
const keyring = parseKeyring(`k:${Buffer.alloc(32, 1).toString('base64')}`);
const connectors = connectorRegistry({ graphUrl: 'http://graph.example', graphVersion: 'v26.0' });
const deps = { connectors, keyring };

function work(values: Partial<PageWork> = {}): PageWork {
  return {
    syncId: '01930000-0000-7000-8000-000000000002',
    connectionId: CONNECTION,
    connector: 'messenger',
    config: { pageId: '1001' },
    credentials: sealSecret(keyring, CONNECTION, { accessToken: 'T' }),
    mode: 'incremental',
    walk: { dryRun: false, purpose: 'sync' },
    trigger: 'api',
    priority: 'normal',
    attempt: 1,
    options: {},
    streams: [state()],
    setAsideInARow: 0,
    pools: [],
    ...values,
  };
}

function state(values: Partial<PageWork['streams'][number]> = {}): PageWork['streams'][number] {
  return {
    stream: 'conversations',
    checkpoint: null,
    watermark: null,
    done: false,
    failedPageId: null,
    ...values,
  };
}

function codeOf(given: PageWork): string {
  const plan = planPage(deps, given);
  return 'kind' in plan ? plan.code : 'planned';
}

describe('the plan of a page', () => {
  test('opens the credentials, and starts a stream that has no checkpoint', () => {
    const plan = planPage(deps, work());
    expect(plan).toMatchObject({
      credentials: { accessToken: 'T' },
      hasMoreStreams: false,
      checkpoint: { floor: null },
    });
  });

  test('an incremental sync starts from the watermark with an overlap, a full one from nothing', () => {
    const streams = [state({ watermark: { updatedTime: '2024-01-01T00:00:00.000Z' } })];
    expect(planPage(deps, work({ streams }))).toMatchObject({
      checkpoint: { floor: '2023-12-31T23:59:00.000Z' },
    });
    expect(planPage(deps, work({ streams, mode: 'full' }))).toMatchObject({ checkpoint: { floor: null } });
  });

  test('a watermark in a form that is not known any more is worth as much as none', () => {
    const streams = [state({ watermark: { since: 'yesterday' } })];
    expect(planPage(deps, work({ streams }))).toMatchObject({ checkpoint: { floor: null } });
  });

  test.each([
    ['a connector this worker does not know', { connector: 'fax' }, 'unknown_connector'],
    ['a configuration that does not fit', { config: { pageId: 'x' } }, 'configuration_unreadable'],
    [
      'a checkpoint that does not fit',
      { streams: [state({ checkpoint: { v: 99 } })] },
      'checkpoint_unreadable',
    ],
    ['no stream left', { streams: [state({ done: true })] }, 'checkpoint_unreadable'],
    [
      'credentials of another connection',
      { connectionId: '01930000-0000-7000-8000-00000000000f' },
      'credentials_unreadable',
    ],
    ['no credentials', { credentials: null }, 'credentials_unreadable'],
  ])('%s is a failure with a code and a remedy, not an exception', (_, values, code) => {
    const plan = planPage(deps, work(values));
    expect(codeOf(work(values))).toBe(code);
    expect('kind' in plan && plan.action).toEqual(expect.any(String));
  });
});
