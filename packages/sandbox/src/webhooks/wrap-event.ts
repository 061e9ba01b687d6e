import { z } from 'zod';

const BOM = '\ufeff';

const idSchema = z.union([z.string(), z.number()]);
const eventSchema = z.looseObject({
  object: z.undefined().optional(),
  entry: z.undefined().optional(),
  sender: z.looseObject({ id: idSchema.optional() }).optional(),
  recipient: z.looseObject({ id: idSchema.optional() }).optional(),
  timestamp: z.unknown().optional(),
  message: z.looseObject({ is_echo: z.unknown().optional() }).optional(),
});

/**
 * Puts a bare event into an envelope, its own text unchanged: numbers keep every digit. Whatever is no bare event is
 * returned as it is. `pageId` stands in for events that do not tell their page; `now` (milliseconds) for their time.
 */
export function wrapEvent(body: Buffer, pageId: string, now: number): Buffer {
  const decoded = body.toString();
  const text = decoded.startsWith(BOM) ? decoded.slice(1) : decoded;
  const parsed = eventSchema.safeParse(parseKeepingDigits(text));
  if (!parsed.success) return body;
  const { sender, recipient, message, timestamp } = parsed.data;
  if (sender === undefined && recipient === undefined) return body;
  const id = String((message?.is_echo === true ? sender : recipient)?.id ?? pageId);
  const time = /^\d+$/.test(String(timestamp)) ? String(timestamp) : String(now);
  const head = `{"object":"page","entry":[{"id":${JSON.stringify(id)},"time":${time},"messaging":[`;
  return Buffer.from(`${head}${text.trim()}]}]}`);
}

/** Whole numbers beyond the exact ones come as their digits. Undefined for what is no JSON. */
function parseKeepingDigits(text: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    return undefined;
  }
}
