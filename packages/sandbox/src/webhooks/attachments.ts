import type { MessageExtras } from '../data/model.ts';

type Item = Readonly<Record<string, unknown>>;

/** What a message carries, in the words of a webhook: other ones than those of the messages edge. */
export function webhookAttachments(extras: MessageExtras | null): readonly Item[] | undefined {
  if (extras === null) return undefined;
  if (extras.sticker !== undefined) {
    return [{ type: 'sticker', payload: { url: extras.sticker, sticker_id: 369239263222822 } }];
  }
  const items = [...(extras.attachments ?? []).map(attachment), ...(extras.shares ?? []).map(share)];
  return items.length === 0 ? undefined : items;
}

function attachment(item: Item): Item {
  const image = urlIn(item.image_data);
  if (image !== undefined) return { type: 'image', payload: { url: image } };
  const video = urlIn(item.video_data);
  if (video !== undefined) return { type: 'video', payload: { url: video } };
  if (typeof item.file_url === 'string') {
    const audio = typeof item.mime_type === 'string' && item.mime_type.startsWith('audio/');
    return { type: audio ? 'audio' : 'file', payload: { url: item.file_url } };
  }
  if (item.generic_template !== undefined) {
    return { type: 'template', payload: { template_type: 'generic', elements: [item.generic_template] } };
  }
  // What the source cannot describe it still announces.
  return { type: 'fallback', payload: null };
}

function share(item: Item): Item {
  return { type: 'fallback', payload: { url: item.link, title: item.name } };
}

function urlIn(data: unknown): string | undefined {
  const url = typeof data === 'object' && data !== null && 'url' in data ? data.url : undefined;
  return typeof url === 'string' ? url : undefined;
}
