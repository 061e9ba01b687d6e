export { canonicalJson, compareCodePoints, contentHash, sha256Hex } from './content-hash.ts';
