/** Asks once to stop; what comes after the first time is told apart. */
export interface StopRequest {
  /** Resolves with the reason when a stop is asked for the first time. */
  readonly requested: Promise<string>;
  /** Takes the handlers away. */
  dispose(): void;
}

export interface StopSources {
  /** Called at each further signal: whoever asks again does not want to wait. */
  onAgain(signal: NodeJS.Signals): void;
  /** Stop as well when the process that started this one is gone. */
  untilParentEnds?: boolean;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/** Listens for the signals that end a program. */
export function listenForStop({ onAgain, untilParentEnds = false }: StopSources): StopRequest {
  const { promise: requested, resolve } = Promise.withResolvers<string>();
  let isRequested = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (isRequested) onAgain(signal);
    isRequested = true;
    resolve(signal);
  };
  const onDisconnect = () => {
    isRequested = true;
    resolve('the parent process is gone');
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  if (untilParentEnds) {
    process.once('disconnect', onDisconnect);
    if (!process.connected) onDisconnect();
  }
  return {
    requested,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      process.off('disconnect', onDisconnect);
    },
  };
}
