import { graphId } from './graph-schemas.ts';

export type Contact =
  | {
      kind: 'contact';
      id: string;
      name: string | null;
      bad: { participant: unknown; index: number; reason: string }[];
    }
  | { kind: 'none'; reason: string };

/**
 * Who the Page talks to in a conversation. The Page itself and repetitions are passed over; participants that are
 * null or have no id (deleted accounts) are reported and never stored as a contact.
 */
export function findContact(participants: readonly unknown[], pageId: string): Contact {
  const contacts = new Map<string, string | null>();
  const bad: { participant: unknown; index: number; reason: string }[] = [];
  for (const [index, participant] of participants.entries()) {
    const id = idOf(participant);
    if (id === null) bad.push({ participant, index, reason: 'The participant has no id.' });
    else if (id !== pageId && !contacts.has(id)) contacts.set(id, nameOf(participant));
  }
  const [first] = contacts;
  if (first === undefined) {
    return {
      kind: 'none',
      reason: 'No participant is a contact: each is missing, without an id, or the Page itself.',
    };
  }
  if (contacts.size > 1)
    return { kind: 'none', reason: `The conversation has ${contacts.size} contacts, not one.` };
  return { kind: 'contact', id: first[0], name: first[1], bad };
}

function idOf(participant: unknown): string | null {
  if (participant === null || typeof participant !== 'object' || !('id' in participant)) return null;
  return graphId.safeParse(participant.id).data ?? null;
}

function nameOf(participant: unknown): string | null {
  if (participant === null || typeof participant !== 'object' || !('name' in participant)) return null;
  return typeof participant.name === 'string' && participant.name !== '' ? participant.name : null;
}
