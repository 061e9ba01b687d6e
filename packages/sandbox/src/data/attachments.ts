import type { MessageExtras } from './model.ts';
import type { Random } from './random.ts';

/**
 * What a message carries beside text. Media links expire at the real source, so they carry the usual
 * query that says so; shapes are those of the conversations edge, not of webhooks.
 */
export function inventExtras(random: Random, previousId: string | null): MessageExtras {
  const dice = random.next();
  const id = String(100_000_000_000_000 + random.int(899_999_999));
  if (dice < 0.3) return { attachments: [image(random, id, false)], replacesText: true };
  if (dice < 0.4) {
    const url = cdn(random, 'sticker.png');
    return { sticker: url, attachments: [image(random, id, true)], replacesText: true };
  }
  if (dice < 0.5) return { attachments: [file(random, id)], replacesText: true };
  if (dice < 0.56) return { attachments: [video(random, id)], replacesText: true };
  if (dice < 0.62) return { attachments: [template(random, id)], replacesText: true };
  if (dice < 0.7) return { shares: [share(random)] };
  if (dice < 0.85 && previousId !== null)
    return { replyTo: { mid: previousId, isSelfReply: random.chance(0.1) } };
  if (dice < 0.96) return { reactions: [random.pick(['love', 'like', 'wow', 'sad', 'angry', 'haha'])] };
  return { tags: ['inbox', 'read', random.pick(['source:chat', 'source:mobile', 'source:web'])] };
}

function cdn(random: Random, name: string): string {
  const part = random.int(2 ** 31).toString(16);
  return `https://scontent.example/v/t1.15752-9/${part}_n/${name}?_nc_cat=1&oh=${part}&oe=6A0${part.slice(0, 5)}`;
}

function image(random: Random, id: string, sticker: boolean): Readonly<Record<string, unknown>> {
  const width = 320 + random.int(1_600);
  const height = 240 + random.int(1_200);
  return {
    id,
    mime_type: sticker ? 'image/png' : 'image/jpeg',
    name: `image-${id}`,
    size: 20_000 + random.int(900_000),
    image_data: {
      width,
      height,
      max_width: width,
      max_height: height,
      url: cdn(random, 'photo.jpg'),
      preview_url: cdn(random, 'preview.jpg'),
      image_type: 1,
      render_as_sticker: sticker,
    },
  };
}

function file(random: Random, id: string): Readonly<Record<string, unknown>> {
  const name = random.pick(['invoice.pdf', 'Größentabelle – neu.xlsx', '見積書.pdf', 'voice.mp4']);
  return {
    id,
    mime_type: name.endsWith('mp4') ? 'audio/mp4' : 'application/octet-stream',
    name,
    size: 1_000 + random.int(4_000_000),
    file_url: cdn(random, 'file'),
  };
}

function video(random: Random, id: string): Readonly<Record<string, unknown>> {
  const url = cdn(random, 'clip.mp4');
  const videoData = {
    width: 720,
    height: 1280,
    length: random.int(90),
    video_type: 1,
    url,
    preview_url: url,
    rotation: 0,
  };
  return {
    id,
    mime_type: 'video/mp4',
    name: `video-${id}.mp4`,
    size: random.int(9_000_000),
    video_data: videoData,
  };
}

function template(random: Random, id: string): Readonly<Record<string, unknown>> {
  return {
    id,
    generic_template: {
      title: 'Featured product',
      subtitle: `Only ${1 + random.int(9)} left`,
      media_url: cdn(random, 'item.png'),
      cta: { title: 'View item', type: 'web_url', url: 'https://shop.example/item' },
    },
  };
}

function share(random: Random): Readonly<Record<string, unknown>> {
  return {
    id: `share_${random.int(2 ** 31)}`,
    link: `https://shop.example/post/${random.int(9_999)}`,
    name: 'A post',
    description: 'Shared from the shop’s page',
  };
}
