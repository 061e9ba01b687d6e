export { type AcceptanceCheck, acceptanceChecks } from './checks.ts';
export { PLANTED_FAULTS, type PlantedFault } from './faults.ts';
export { AcceptanceError, type AcceptanceSource, memoryPositions, noNetwork } from './walk.ts';
