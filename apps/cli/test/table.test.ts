import { describe, expect, test } from '@jest/globals';
import { renderPairs, renderTable } from '../src/output/table.ts';

describe('a table', () => {
  test('aligns columns as they ask and ends lines at their last sign', () => {
    const lines = renderTable(
      [{ title: 'NAME' }, { title: 'COUNT', align: 'right' }, { title: 'WHY' }],
      [
        ['messages', '12,345', ''],
        ['orders', '7', 'one more'],
      ],
    );
    expect(lines).toEqual([
      'NAME       COUNT  WHY', //
      'messages  12,345',
      'orders         7  one more',
    ]);
  });

  test('is nothing without rows', () => {
    expect(renderTable([{ title: 'NAME' }], [])).toEqual([]);
  });

  test('fills cells that are missing', () => {
    expect(renderTable([{ title: 'A' }, { title: 'B' }, { title: 'C' }], [['1']])).toEqual(['A  B  C', '1']);
  });

  test('counts wide characters as two columns', () => {
    expect(
      renderTable(
        [{ title: 'NAME' }, { title: 'N' }],
        [
          ['日本', '1'],
          ['👍', '2'],
          ['abcd', '3'],
        ],
      ),
    ).toEqual(['NAME  N', '日本  1', '👍    2', 'abcd  3']);
  });

  test('lets no text of a source move the cursor', () => {
    expect(renderTable([{ title: 'NAME' }], [['a\u001b[2Jb\nc']])).toEqual(['NAME', 'a [2Jb c']);
  });
});

test('pairs have their values in one column', () => {
  expect(
    renderPairs([
      ['API', 'http://127.0.0.1:3000'],
      ['Worker', 'pid 7'],
    ]),
  ).toEqual(['API     http://127.0.0.1:3000', 'Worker  pid 7']);
});
