import { describe, expect, test } from '@jest/globals';
import { ask } from '../src/remote/api.ts';
import { ApiProblemError, UnreachableApiError } from '../src/remote/api-errors.ts';

const PROBLEM = {
  type: 'urn:tidemark:problem:config_invalid',
  title: 'The configuration does not fit the connector',
  status: 422,
  detail: 'One field is wrong.',
  code: 'config_invalid',
  requestId: 'r',
};

function refusal(error: unknown, status = 422) {
  const response = new Response(null, { status });
  Object.defineProperty(response, 'url', { value: 'http://api.test/v1/connections' });
  return Promise.resolve({ error, response });
}

describe('an answer that is not a success', () => {
  test('is told as title, detail and code, with a line for each invalid field', async () => {
    const errors = [{ pointer: '/config/pageId', message: 'must be the numeric id of the Page' }];
    const asked = ask(refusal({ ...PROBLEM, errors }));
    await expect(asked).rejects.toThrow(ApiProblemError);
    await expect(asked).rejects.toMatchObject({
      code: 'config_invalid',
      message: 'The configuration does not fit the connector: One field is wrong. (config_invalid)',
      more: ['  /config/pageId: must be the numeric id of the Page'],
    });
  });

  test('names the live sync where there is one', async () => {
    const asked = ask(refusal({ ...PROBLEM, activeSyncId: 'S' }, 409));
    await expect(asked).rejects.toMatchObject({ more: ['  activeSyncId: S'] });
  });

  test('without a problem document comes from something that is no Tidemark API', async () => {
    const asked = ask(refusal('<html>502</html>', 502));
    await expect(asked).rejects.toThrow(UnreachableApiError);
    await expect(asked).rejects.toMatchObject({
      message: 'No Tidemark API answers at http://api.test: the answer was 502 without a problem document',
    });
  });
});
