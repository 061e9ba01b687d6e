/** Names the seed to look for rarer examples with. */
const PROPERTY_SEED = 'PROPERTY_SEED';

/**
 * For `fc.configureGlobal` of fast-check: property tests draw the same examples in each run. What is rare is looked for on
 * purpose, with another seed, and does not fail a run by chance.
 */
export const SEEDED = { seed: Number(process.env[PROPERTY_SEED] ?? 20_260) };
