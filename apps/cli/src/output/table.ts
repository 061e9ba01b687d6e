/** How a column is laid out. */
export interface Column {
  title: string;
  align?: 'left' | 'right';
}

const GAP = '  ';

/**
 * Rows under their titles, columns aligned, nothing drawn around them. Without rows there are no lines. Cells may
 * be of any text: what would break the line is shown as a space.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const titles = columns.map((column) => column.title);
  const all = [titles, ...rows].map((row) => columns.map((_, index) => oneLine(row[index] ?? '')));
  const widths = columns.map((_, index) => Math.max(...all.map((row) => widthOf(row[index] ?? ''))));
  return all.map((row) => {
    const cells = row.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? 'left'));
    return cells.join(GAP).trimEnd();
  });
}

/** Names and values, one pair a line; values may be longer than the line. */
export function renderPairs(pairs: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(0, ...pairs.map(([name]) => widthOf(name)));
  return pairs.map(([name, value]) => `${pad(name, width, 'left')}${GAP}${oneLine(value)}`.trimEnd());
}

/** Control characters of a source's text must not move the cursor of a terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Columns a text takes: East Asian characters and emoji take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}
