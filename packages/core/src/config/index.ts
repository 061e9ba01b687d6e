export { type Environment, parseEnvironment, type ParsedEnvironment } from './environment.ts';
