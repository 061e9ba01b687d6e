import type { Person, SimConversation } from '../data/model.ts';
import type { FieldNode } from './fields.ts';

/** How a conversation shows its participants: as an edge, as a bare array, or not at all. */
export interface Participants {
  readonly shape: 'edge' | 'array' | 'missing';
  readonly people: readonly (Person | null)[];
}

/** The contact as participants, `from` and `to` show it. Odd ones lack what would tell who it is. */
export function contactCard(conversation: SimConversation): Person {
  const { contactId: id, contactName: name, oddity } = conversation;
  switch (oddity) {
    case 'deleted-account':
      return { name: 'Facebook User', email: '@facebook.com', id: null };
    case 'deleted-account-empty-id':
      return { name: 'Facebook User', email: '@facebook.com', id: '' };
    case 'participant-without-id':
    case 'null-participant-only':
    case 'page-only':
    case 'no-participants':
      return { name, email: null, id: null };
    default:
      return { name, email: `${id}@facebook.com`, id };
  }
}

export function pageCard(conversation: SimConversation): Person {
  const { id, name } = conversation.page;
  return { name, email: `${id}@facebook.com`, id };
}

export function participantsOf(conversation: SimConversation): Participants {
  const contact = contactCard(conversation);
  const page = pageCard(conversation);
  switch (conversation.oddity) {
    case 'null-participant':
      return { shape: 'edge', people: [null, contact, page] };
    case 'null-participant-only':
      return { shape: 'edge', people: [null, page] };
    case 'duplicate-participant':
      return { shape: 'edge', people: [contact, contact, page] };
    case 'page-only':
      return { shape: 'edge', people: [page] };
    case 'no-participants':
      return { shape: 'missing', people: [] };
    case 'participants-array':
      return { shape: 'array', people: [contact, page] };
    default:
      return { shape: 'edge', people: [contact, page] };
  }
}

/** True when the ids of people are to be JSON numbers. */
export function hasNumericIds(conversation: SimConversation): boolean {
  return conversation.oddity === 'numeric-id' || conversation.oddity === 'huge-numeric-id';
}

/** JSON of a person with the fields asked for (all of them without braces); the id always comes along. */
export function personJson(
  person: Person | null,
  numeric: boolean,
  fields: readonly FieldNode[] | null,
): string {
  if (person === null) return 'null';
  const wants = (name: string): boolean => fields === null || fields.some((field) => field.name === name);
  const parts: string[] = [];
  if (person.name !== null && wants('name')) parts.push(`"name":${JSON.stringify(person.name)}`);
  if (person.email !== null && wants('email')) parts.push(`"email":${JSON.stringify(person.email)}`);
  // Digits go out as they are: JSON.stringify would round what exceeds 2^53.
  const bare = numeric && person.id !== null && /^[1-9]\d*$/.test(person.id);
  if (person.id !== null) parts.push(`"id":${bare ? person.id : JSON.stringify(person.id)}`);
  return `{${parts.join(',')}}`;
}
