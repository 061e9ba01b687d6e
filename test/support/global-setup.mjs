// Jest loads this file with Node itself, outside its transforms; Node runs the TypeScript behind it as it is.
import { openLifeline } from './services/lifeline.ts';

export default async function setUp() {
  globalThis.tidemarkLifeline = await openLifeline();
}
