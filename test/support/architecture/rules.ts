import { everyErrorCodeIsDocumented, everyStatementIsTested } from './catalogues.ts';
import { noCycles } from './cycles.ts';
import {
  coreIsPure,
  namesSayWhatIsInside,
  noEscapeHatches,
  noPathsOfOneMachine,
  noTestIsLeftOut,
  noTestSleeps,
} from './forbidden.ts';
import { coreImportsNothing, importsRunDown, librariesStayInTheirPlace } from './layers.ts';
import { everyDependencyIsUsed, everyImportIsDeclared } from './manifests.ts';
import type { Rule } from './project.ts';

/** The rules of the architecture that need nothing but the files. */
export const RULES = {
  importsRunDown,
  coreImportsNothing,
  librariesStayInTheirPlace,
  noCycles,
  everyImportIsDeclared,
  everyDependencyIsUsed,
  coreIsPure,
  noEscapeHatches,
  noTestIsLeftOut,
  noTestSleeps,
  namesSayWhatIsInside,
  noPathsOfOneMachine,
  everyStatementIsTested,
  everyErrorCodeIsDocumented,
} satisfies Record<string, Rule>;
