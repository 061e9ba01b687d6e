/** Fields of a conversation that a person may change. What is not here belongs to the source alone. */
export const EDITABLE_FIELDS = ['senderName', 'conversationStatus'] as const;
export type EditableField = (typeof EDITABLE_FIELDS)[number];

export type FieldValues = Record<EditableField, string | null>;

/** New values; null takes the edit back and shows what the source says. */
export type FieldChanges = { readonly [F in EditableField]?: string | null | undefined };

/**
 * A person's change to one field, as it is stored beside the record.
 *
 * `base…` is the source's version the edit was made on; what a later version says is measured against it.
 * The function `tidemark_settle_local_edits` reads and writes the same shape where a source changes an edited record.
 */
export interface LocalEdit {
  value: string;
  baseValue: string | null;
  /** `as_of` and content hash of the source's version; PostgreSQL's `-infinity` before the first one. */
  baseAsOf: string;
  baseHash: string;
  /** The record's version the edit was made at. */
  baseVersion: number;
  /** What the source says now: shown beside the edit, and what the field goes back to without it. */
  sourceValue: string | null;
  /** ISO 8601. */
  editedAt: string;
}

export type LocalEdits = { readonly [F in EditableField]?: LocalEdit };

/** What an edit needs to know of the record, read under its row lock. */
export interface EditableRecord {
  /** What is shown: the local value where there is one. */
  values: FieldValues;
  edits: LocalEdits;
  asOf: string;
  contentHash: string;
  version: number;
}

export interface EditedRecord {
  values: FieldValues;
  edits: LocalEdits;
}

/** Both sides of a field in conflict, and what the source said when the edit was made. */
export interface ConflictedField {
  source: string | null;
  local: string;
  base: string | null;
}
export type ConflictedFields = { readonly [F in EditableField]?: ConflictedField };

export const SIDES = ['source', 'local'] as const;
export type Side = (typeof SIDES)[number];
export type SidesByField = { readonly [F in EditableField]?: Side | undefined };

/**
 * A person's change to a record; null when it changes nothing, so that no version is spent.
 *
 * A field that is set to what the source says is no edit any more. A field in an open conflict keeps its base: to
 * change one's own side does not decide between the two.
 */
export function applyEdit(
  record: EditableRecord,
  changes: FieldChanges,
  context: { disputed: ConflictedFields; at: string },
): EditedRecord | null {
  let { values, edits }: EditedRecord = record;
  for (const field of EDITABLE_FIELDS) {
    const wanted = changes[field];
    if (wanted === undefined) continue;
    const held = edits[field];
    const source = sourceValueOf(record, field);
    if (wanted === null || wanted === source) {
      if (held === undefined) continue;
      edits = without(edits, field);
      values = { ...values, [field]: source };
    } else if (wanted !== held?.value) {
      const base =
        held !== undefined && context.disputed[field] !== undefined ? held : baseOf(record, source);
      edits = { ...edits, [field]: { ...base, value: wanted, sourceValue: source, editedAt: context.at } };
      values = { ...values, [field]: wanted };
    }
  }
  return edits === record.edits ? null : { values, edits };
}

/**
 * Fields about which the source and a person disagree: the source says something else than when the edit was
 * made, and something else than the edit.
 */
export function disputedFields(edits: LocalEdits): ConflictedFields {
  const disputed: { [F in EditableField]?: ConflictedField } = {};
  for (const field of EDITABLE_FIELDS) {
    const edit = edits[field];
    if (edit === undefined) continue;
    const { sourceValue: source, value: local, baseValue: base } = edit;
    if (source !== base && source !== local) disputed[field] = { source, local, base };
  }
  return disputed;
}

/**
 * Settles fields by side. `source` gives the edit up; `local` keeps it and takes the source's present version as its
 * base, so that only a further change of the source is a conflict again.
 */
export function takeSides(record: EditableRecord, sides: SidesByField): EditedRecord {
  let { values, edits }: EditedRecord = record;
  for (const field of EDITABLE_FIELDS) {
    const [side, held] = [sides[field], edits[field]];
    if (side === undefined || held === undefined) continue;
    if (side === 'source') {
      edits = without(edits, field);
      values = { ...values, [field]: held.sourceValue };
    } else {
      edits = { ...edits, [field]: { ...held, ...baseOf(record, held.sourceValue) } };
    }
  }
  return { values, edits };
}

function sourceValueOf(record: EditableRecord, field: EditableField): string | null {
  const held = record.edits[field];
  return held === undefined ? record.values[field] : held.sourceValue;
}

function baseOf(record: EditableRecord, source: string | null) {
  return {
    baseValue: source,
    baseAsOf: record.asOf,
    baseHash: record.contentHash,
    baseVersion: record.version,
  };
}

function without(edits: LocalEdits, field: EditableField): LocalEdits {
  return Object.fromEntries(Object.entries(edits).filter(([name]) => name !== field));
}
