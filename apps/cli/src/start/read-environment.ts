import { type ParsedEnvironment, parseEnvironment } from '@tidemark/core/config';

type Variables = Readonly<Record<string, string | undefined>>;

/** Exported by the scripts that start us, for themselves. They are no settings. */
const OF_THE_SCRIPTS: ReadonlySet<string> = new Set(['TIDEMARK_ROOT', 'TIDEMARK_NODE', 'TIDEMARK_BOOTSTRAP']);

/** The variables that can be settings. */
export function settingsOf(variables: Variables): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !OF_THE_SCRIPTS.has(name)));
}

/** Reads and checks the environment, once for the whole program. */
export function readEnvironment(variables: Variables): ParsedEnvironment {
  return parseEnvironment(settingsOf(variables));
}
