import { inventExtras } from './attachments.ts';
import type { MessageExtras, Platform, SimConversation, SimMessage, SimPage } from './model.ts';
import type { Random } from './random.ts';
import { composeText, inventContact } from './texts.ts';

/** A message to be added. What is left out is invented from the seed. */
export interface MessageInput {
  /** Needed when no conversation is named: a random one of this page is taken. */
  readonly pageId?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly text?: string | null | undefined;
  readonly fromPage?: boolean | undefined;
  /** Milliseconds since the epoch; cut to whole seconds. */
  readonly at?: number | undefined;
  readonly id?: string | undefined;
  /** `true` invents an attachment or the like. */
  readonly extras?: MessageExtras | true | undefined;
}

export interface ConversationInput {
  readonly pageId: string;
  readonly contactId?: string | undefined;
  readonly contactName?: string | undefined;
  readonly platform?: Platform | undefined;
  readonly folder?: string | undefined;
  /** So many invented messages (at least one), all within a few minutes before `at`. Default 1. */
  readonly messages?: number | undefined;
  /** Milliseconds since the epoch of the newest message. */
  readonly at?: number | undefined;
}

/** A message with the next number of its conversation; it is not yet part of it. `time` in epoch seconds. */
export function newMessage(
  conversation: SimConversation,
  input: MessageInput,
  random: Random,
  time: number,
): SimMessage {
  const number = conversation.nextNumber;
  conversation.nextNumber += 1;
  const fromPage = input.fromPage ?? random.chance(0.4);
  const { language } = inventContact(random);
  const extras =
    input.extras === true ? inventExtras(random, conversation.messages.at(-1)?.id ?? null) : input.extras;
  const invented = extras?.replacesText === true ? null : composeText(random, language, fromPage);
  return {
    id: input.id ?? conversation.page.ids.messageId(conversation.index, number, random.int(2 ** 32)),
    at: input.at === undefined ? time : Math.floor(input.at / 1000),
    number,
    text: input.text === undefined ? invented : input.text,
    fromPage,
    extras: extras ?? null,
    oddity: null,
  };
}

/** A conversation with invented messages; it is not yet part of its page. `time` in epoch seconds. */
export function newConversation(
  page: SimPage,
  input: ConversationInput,
  random: Random,
  time: number,
): SimConversation {
  const index = page.nextIndex;
  page.nextIndex += 1;
  const updatedAt = input.at === undefined ? time : Math.floor(input.at / 1000);
  const count = Math.max(1, input.messages ?? 1);
  const conversation: SimConversation = {
    id: page.ids.conversationId(index),
    page,
    index,
    platform: input.platform ?? 'messenger',
    folder: input.folder ?? 'inbox',
    contactId: input.contactId ?? page.ids.contactId(index),
    contactName: input.contactName ?? inventContact(random).name,
    messages: [],
    updatedAt,
    order: 0,
    unread: 1,
    nextNumber: 0,
    oddity: null,
  };
  for (let left = count - 1; left >= 0; left -= 1) {
    const at = (updatedAt - left * 20) * 1000;
    conversation.messages.push(newMessage(conversation, { at, fromPage: left % 2 === 1 }, random, updatedAt));
  }
  return conversation;
}
