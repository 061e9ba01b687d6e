export { parseJson } from './parse-json.ts';
export { originalOf, storableJson, storableText } from './storable.ts';
