export { findFreePort } from '../../packages/db/src/embedded/free-port.ts';
