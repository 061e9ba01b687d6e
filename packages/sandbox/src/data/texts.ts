import { EMOJI, LANGUAGES, type Language } from './phrases.ts';
import type { Random } from './random.ts';

/** A contact's language and name. */
export function inventContact(random: Random): { language: Language; name: string } {
  const language = random.pick(LANGUAGES);
  return { language, name: random.pick(language.names) };
}

/** One message as a person or a shop would write it, in the conversation's language. */
export function composeText(random: Random, language: Language, fromPage: boolean): string {
  const phrases = fromPage ? language.answered : language.asked;
  const first = random.pick(phrases);
  const dice = random.next();
  if (dice < 0.45) return first;
  if (dice < 0.6) return `${first} ${random.pick(EMOJI)}`;
  if (dice < 0.75) return `${first} ${random.pick(phrases)}`;
  if (dice < 0.88) return `${first} #${10_000 + random.int(90_000)}`;
  if (dice < 0.93) return random.pick(EMOJI);
  if (dice < 0.95) return `${first} https://shop.example/p/${random.int(5_000)}?ref=msg&x="1"`;
  if (dice < 0.97) return `  ${first}\n\n\t- ${random.pick(phrases)}\r\n- \\o/ <b>&amp;</b> 'quoted'  `;
  return Array.from({ length: 4 + random.int(12) }, () => random.pick(phrases)).join('\n');
}
