export { canonicalJson, contentHash, sha256Hex } from './content-hash.ts';
