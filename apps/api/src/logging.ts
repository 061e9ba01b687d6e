import type { Environment } from '@tidemark/core/config';
import pino, { type DestinationStream, type Logger } from 'pino';

/**
 * The log: JSON lines on stdout. Nothing of ours logs a header or a body; the paths are the net under that, for an
 * object that is logged whole by mistake.
 */
export function createLogger(level: Environment['LOG_LEVEL'], destination?: DestinationStream): Logger {
  const options = {
    name: 'api',
    level,
    redact: {
      paths: [
        'authorization',
        '*.authorization',
        '*.headers.authorization',
        'headers.authorization',
        'credentials',
        '*.credentials',
        'accessToken',
        '*.accessToken',
      ],
      censor: '[redacted]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
