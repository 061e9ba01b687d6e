export default async function tearDown() {
  await globalThis.tidemarkLifeline?.release();
}
