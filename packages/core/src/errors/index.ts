export { ERROR_CODES, type ErrorCode, type HttpErrorCode } from './codes.ts';
export { type FieldProblem, ProblemError } from './problem.ts';
export { zodProblems } from './zod-problems.ts';
