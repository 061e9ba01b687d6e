import { describe, expect, test } from '@jest/globals';
import { applyEdit, disputedFields, type EditableRecord, takeSides } from '@tidemark/core/resolution';

const at = '2024-01-05T00:00:00.000Z';
const record: EditableRecord = {
  values: { senderName: 'Ann', conversationStatus: 'open' },
  edits: {},
  asOf: '2024-01-01T00:00:00+00:00',
  contentHash: 'h1',
  version: 3,
};

function edited(changes: Parameters<typeof applyEdit>[1], from = record, disputed = {}): EditableRecord {
  const outcome = applyEdit(from, changes, { disputed, at });
  if (outcome === null) throw new Error('nothing changed');
  return { ...from, ...outcome, version: from.version + 1 };
}

/** The record after the source said something else. */
function sourceSaid(from: EditableRecord, sourceValue: string): EditableRecord {
  const { senderName } = from.edits;
  if (senderName === undefined) throw new Error('not edited');
  const edits = { ...from.edits, senderName: { ...senderName, sourceValue } };
  return { ...from, edits, asOf: '2024-01-02T00:00:00+00:00', contentHash: 'h2', version: from.version + 1 };
}

describe('an edit', () => {
  test('remembers the version it was made on', () => {
    expect(edited({ senderName: 'Anna' }).edits.senderName).toEqual({
      value: 'Anna',
      baseValue: 'Ann',
      baseAsOf: record.asOf,
      baseHash: 'h1',
      baseVersion: 3,
      sourceValue: 'Ann',
      editedAt: at,
    });
  });

  test.each([{ senderName: 'Ann' }, { senderName: null }, { senderName: undefined }, {}])(
    '%j changes nothing',
    (changes) => {
      expect(applyEdit(record, changes, { disputed: {}, at })).toBeNull();
    },
  );

  test('made again has what the source says now as its base; in an open conflict it keeps its base', () => {
    const behind = sourceSaid(edited({ senderName: 'Anna' }), 'Annie');
    expect(edited({ senderName: 'Hanna' }, behind).edits.senderName).toMatchObject({
      baseValue: 'Annie',
      baseHash: 'h2',
    });
    const disputed = disputedFields(behind.edits);
    const again = edited({ senderName: 'Hanna' }, behind, disputed).edits;
    expect(again.senderName).toMatchObject({
      value: 'Hanna',
      baseValue: 'Ann',
      baseHash: 'h1',
      sourceValue: 'Annie',
    });
    expect(disputedFields(again)).toEqual({ senderName: { source: 'Annie', local: 'Hanna', base: 'Ann' } });
  });
});

test('the sides disagree only when the source says something new that is not the edit', () => {
  const mine = edited({ senderName: 'Anna' });
  expect(disputedFields(mine.edits)).toEqual({});
  expect(disputedFields(sourceSaid(mine, 'Anna').edits)).toEqual({});
  expect(Object.keys(disputedFields(sourceSaid(mine, 'Annie').edits))).toEqual(['senderName']);
});

test('a side is taken by field; one without an edit stays as it is', () => {
  const behind = sourceSaid(edited({ senderName: 'Anna' }), 'Annie');
  const source = takeSides(behind, { senderName: 'source', conversationStatus: 'source' });
  expect(source).toEqual({ values: { senderName: 'Annie', conversationStatus: 'open' }, edits: {} });
  const local = takeSides(behind, { senderName: 'local' });
  expect(local.values.senderName).toBe('Anna');
  expect(disputedFields(local.edits)).toEqual({});
});
