import { APP_ID, type SimPage } from '../data/model.ts';
import { GraphError, invalidParameter } from './errors.ts';
import type { GraphRequest } from './request.ts';

/** Subscribes the app to a page's webhook fields, lists what is subscribed, or ends it. */
export function answerSubscribedApps(request: GraphRequest, page: SimPage): string {
  switch (request.method) {
    case 'GET': {
      const data = [...page.subscribedApps].map(([id, fields]) => ({
        link: 'https://app.example/',
        name: 'Tidemark sandbox',
        id,
        subscribed_fields: fields,
      }));
      return JSON.stringify({ data });
    }
    case 'POST': {
      const fields = (request.params.get('subscribed_fields') ?? '').split(',').map((field) => field.trim());
      const named = fields.filter((field) => field !== '');
      if (named.length === 0) throw invalidParameter('The parameter subscribed_fields is required.');
      page.subscribedApps.set(APP_ID, named);
      return '{"success":true}';
    }
    case 'DELETE':
      page.subscribedApps.delete(APP_ID);
      return '{"success":true}';
    default:
      throw new GraphError({ code: 100, type: 'GraphMethodException' });
  }
}
