/** JSON as the real source sends it: ASCII, with `\u00e4` in lower case and `\/`. */
export function escapeJson(json: string): string {
  const ascii = json.replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return ascii.replaceAll('/', '\\/');
}
