export default {
  testEnvironment: 'node',
  // Jest adds `import` or `require` itself; named here, `import` would hand ES modules to a `require` of CommonJS.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'default'] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: [
    '<rootDir>/test/**/*.test.ts',
    '<rootDir>/packages/*/test/**/*.test.ts',
    '<rootDir>/apps/*/test/**/*.test.ts',
    '<rootDir>/examples/**/*.test.ts',
  ],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.tidemark/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  reporters: ['default', '<rootDir>/test/support/summary-reporter.mjs'],
  // One more than the two cores of a small machine: tests that kill processes mostly wait until somebody notices.
  maxWorkers: 3,
  // Time-outs end what hangs. They are no claim about speed: a busy machine may be ten times slower.
  testTimeout: 600_000,
};
