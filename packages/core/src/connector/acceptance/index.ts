export { type AcceptanceCheck, acceptanceChecks } from './checks.ts';
export { AcceptanceError, type AcceptanceSource } from './walk.ts';
